-- The ledger up to a month rolled up to one row per customer with an order in the window. Money in minor units.
SELECT
  customer_id,
  MAX(last_order) AS last_order,
  MIN(first_order) AS first_order,
  CAST(SUM(orders) AS BIGINT) AS known_orders,
  CAST(SUM(CASE WHEN in_window THEN orders ELSE 0 END) AS BIGINT) AS frequency,
  CAST(SUM(CASE WHEN in_window THEN order_days ELSE 0 END) AS BIGINT) AS order_days,
  CAST(SUM(CASE WHEN in_window AND orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS active_months,
  CAST(SUM(CASE WHEN in_window THEN amount_minor ELSE 0 END) AS BIGINT) AS monetary,
  CAST(SUM(CASE WHEN in_window THEN profit_minor ELSE 0 END) AS BIGINT) AS profit,
  CAST(SUM(CASE WHEN in_window THEN returns ELSE 0 END) AS BIGINT) AS returns,
  CAST(SUM(CASE WHEN months_ago BETWEEN 0 AND 2 THEN amount_minor ELSE 0 END) AS BIGINT) AS recent,
  CAST(SUM(CASE WHEN months_ago BETWEEN 3 AND 5 THEN amount_minor ELSE 0 END) AS BIGINT) AS previous
FROM (SELECT *, :as_of - month_number AS months_ago, :as_of - month_number < :window_months AS in_window
      FROM read_parquet(:paths)) AS dated
GROUP BY customer_id
HAVING SUM(CASE WHEN in_window THEN orders ELSE 0 END) > 0
ORDER BY customer_id
