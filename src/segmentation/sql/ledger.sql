-- Orders of some months to the ledger: one row per customer and month, in whole minor units. An order whose
-- total is below zero, or that is marked as a cancellation, is a return: it lowers the amount, and is neither
-- an order nor an order day.
SELECT
  CAST(month_number AS INTEGER) AS month_number,
  customer_id,
  CAST(SUM(CASE WHEN NOT is_return THEN 1 ELSE 0 END) AS BIGINT) AS orders,
  COUNT(DISTINCT CASE WHEN NOT is_return THEN ordered_on END) AS order_days,
  MIN(CASE WHEN NOT is_return THEN ordered_on END) AS first_order,
  MAX(CASE WHEN NOT is_return THEN ordered_on END) AS last_order,
  CAST(SUM(amount_minor) AS BIGINT) AS amount_minor,
  CAST(SUM(CASE WHEN amount_minor > 0 THEN 1 ELSE 0 END) AS BIGINT) AS paid_orders,
  CAST(SUM(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) AS BIGINT) AS paid_minor,
  SUM(CASE WHEN amount_minor > 0 THEN CAST(amount_minor AS DECIMAL(19, 0)) * CAST(amount_minor AS DECIMAL(19, 0))
           ELSE CAST(0 AS DECIMAL(38, 0)) END) AS paid_squared,
  CAST(SUM(CASE WHEN is_return THEN 1 ELSE 0 END) AS BIGINT) AS returns,
  CAST(SUM(CASE WHEN is_return THEN amount_minor ELSE 0 END) AS BIGINT) AS returns_minor,
  CAST(SUM(profit_minor) AS BIGINT) AS profit_minor,
  CAST(SUM(lines) AS BIGINT) AS lines,
  latest(account_manager, last_at) AS account_manager,
  latest(branch, last_at) AS branch
FROM (SELECT *, amount_minor < 0 OR is_cancellation AS is_return FROM orders
      WHERE ordered_on >= CAST(:from_day AS DATE) AND ordered_on < CAST(:before_day AS DATE)) AS judged_orders
GROUP BY 1, 2
