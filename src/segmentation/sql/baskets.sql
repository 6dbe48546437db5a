-- What lies in each basket, of the accepted lines of some months: one row per month, customer, order and group of
-- products. Without an order id, a day is an order; what was given back is in no basket.
SELECT
  CAST(EXTRACT(YEAR FROM ordered_at) * 12 + EXTRACT(MONTH FROM ordered_at) - 1 AS INTEGER) AS month_number,
  customer_id,
  COALESCE(order_id, CAST(CAST(ordered_at AS DATE) AS VARCHAR)) AS order_id,
  product_group,
  CAST(SUM(amount_minor) AS BIGINT) AS amount_minor
FROM lines
WHERE reason IS NULL AND amount_minor > 0 AND product_group IS NOT NULL
  AND ordered_at >= CAST(:from_day AS DATE) AND ordered_at < CAST(:before_day AS DATE)
GROUP BY 1, 2, 3, 4
