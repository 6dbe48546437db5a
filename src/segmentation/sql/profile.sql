-- The ledger up to a month rolled up to one row per customer with an order in the window. Money in minor units.
-- Orders that were taken back in full in a later month are counted off; who keeps anything of what was bought in
-- the window has one order at least.
SELECT
  customer_id, last_order, first_order, known_orders,
  CASE WHEN bought > 0 AND monetary > 0 AND frequency < 1 THEN 1 ELSE frequency END AS frequency,
  order_days, active_months, monetary, profit, returns, recent, previous
FROM (
SELECT
  customer_id,
  MAX(last_order) AS last_order,
  MIN(first_order) AS first_order,
  CAST(SUM(orders) AS BIGINT) AS known_orders,
  CAST(SUM(CASE WHEN in_window THEN orders ELSE 0 END) AS BIGINT) AS frequency,
  CAST(SUM(CASE WHEN in_window THEN order_days ELSE 0 END) AS BIGINT) AS order_days,
  CAST(SUM(CASE WHEN in_window AND last_order IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS bought,
  CAST(SUM(CASE WHEN in_window AND last_order IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS active_months,
  CAST(SUM(CASE WHEN in_window THEN amount_minor ELSE 0 END) AS BIGINT) AS monetary,
  CAST(SUM(CASE WHEN in_window THEN profit_minor ELSE 0 END) AS BIGINT) AS profit,
  CAST(SUM(CASE WHEN in_window THEN returns ELSE 0 END) AS BIGINT) AS returns,
  CAST(SUM(CASE WHEN months_ago BETWEEN 0 AND 2 THEN amount_minor ELSE 0 END) AS BIGINT) AS recent,
  CAST(SUM(CASE WHEN months_ago BETWEEN 3 AND 5 THEN amount_minor ELSE 0 END) AS BIGINT) AS previous
FROM (SELECT *, :as_of - month_number AS months_ago, :as_of - month_number < :window_months AS in_window
      FROM read_parquet(:paths)) AS dated
GROUP BY customer_id) AS rolled
WHERE frequency > 0 OR bought > 0 AND monetary > 0
ORDER BY customer_id
