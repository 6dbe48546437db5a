-- The coded ledger up to a month rolled up to one row per customer who ever ordered, with what came in the months
-- after it, up to :until. Only the columns called later_* look beyond :as_of. Money in minor units, days since 1970.
SELECT
  customer,
  MIN(CASE WHEN ago >= 0 THEN first_day END) AS first_day,
  MAX(CASE WHEN ago >= 0 THEN last_day END) AS last_day,
  CAST(SUM(CASE WHEN ago >= 0 THEN order_days ELSE 0 END) AS BIGINT) AS days_ever,
  CAST(SUM(CASE WHEN ago BETWEEN 0 AND :window_months - 1 THEN orders ELSE 0 END) AS BIGINT) AS frequency,
  CAST(SUM(CASE WHEN ago BETWEEN 0 AND :window_months - 1 THEN amount_minor ELSE 0 END) AS BIGINT) AS monetary,
  CAST(SUM(CASE WHEN ago BETWEEN 0 AND 2 THEN amount_minor ELSE 0 END) AS BIGINT) AS recent,
  CAST(SUM(CASE WHEN ago BETWEEN 3 AND 5 THEN amount_minor ELSE 0 END) AS BIGINT) AS previous,
  CAST(SUM(CASE WHEN ago BETWEEN 0 AND 2 AND orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS recent_months,
  CAST(SUM(CASE WHEN ago BETWEEN 3 AND 5 AND orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS previous_months,
  CAST(SUM(CASE WHEN ago < 0 THEN orders ELSE 0 END) AS BIGINT) AS later_orders,
  CAST(SUM(CASE WHEN ago < 0 THEN amount_minor ELSE 0 END) AS BIGINT) AS later_value
FROM (SELECT *, :as_of - month_number AS ago FROM coded WHERE month_number <= :until) AS dated
GROUP BY customer
HAVING SUM(CASE WHEN ago >= 0 THEN orders ELSE 0 END) > 0
ORDER BY customer
