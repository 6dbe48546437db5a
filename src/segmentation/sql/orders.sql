-- Accepted lines of some months to orders: one row per customer, order and month. Without an order id, a day
-- is an order.
SELECT
  EXTRACT(YEAR FROM ordered_at) * 12 + EXTRACT(MONTH FROM ordered_at) - 1 AS month_number,
  customer_id,
  order_id,
  CASE WHEN order_id IS NULL THEN CAST(ordered_at AS DATE) END AS order_day,
  CAST(MIN(ordered_at) AS DATE) AS ordered_on,
  COUNT(*) AS lines,
  CAST(SUM(amount_minor) AS BIGINT) AS amount_minor,
  CAST(SUM(profit_minor) AS BIGINT) AS profit_minor,
  MAX(CASE WHEN is_cancellation THEN 1 ELSE 0 END) = 1 AS is_cancellation,
  CAST(SUM(CASE WHEN amount_minor < 0 OR is_cancellation THEN 1 ELSE 0 END) AS BIGINT) AS return_lines,
  CAST(SUM(CASE WHEN amount_minor < 0 OR is_cancellation THEN amount_minor ELSE 0 END) AS BIGINT) AS return_minor,
  MAX(ordered_at) AS last_at,
  latest(account_manager, ordered_at) AS account_manager,
  latest(branch, ordered_at) AS branch
FROM lines
WHERE reason IS NULL AND ordered_at >= CAST(:from_day AS DATE) AND ordered_at < CAST(:before_day AS DATE)
GROUP BY 1, 2, 3, 4
