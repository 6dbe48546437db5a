-- Orders of some months to the ledger: one row per customer and month, in whole minor units. An order that is
-- marked as a cancellation, or whose lines after returns sum to zero or below, is neither an order nor an order
-- day (with :taken_back 'count' it stays one if anything was bought). One that is taken back in full in a later
-- month counts one order less in that month.
SELECT
  CAST(month_number AS INTEGER) AS month_number,
  customer_id,
  CAST(SUM(CASE WHEN NOT is_back THEN 1 WHEN is_taken_back_later THEN -1 ELSE 0 END) AS BIGINT) AS orders,
  COUNT(DISTINCT CASE WHEN NOT is_back THEN ordered_on END) AS order_days,
  MIN(CASE WHEN NOT is_back THEN ordered_on END) AS first_order,
  MAX(CASE WHEN NOT is_back THEN ordered_on END) AS last_order,
  CAST(SUM(amount_minor) AS BIGINT) AS amount_minor,
  CAST(SUM(CASE WHEN amount_minor > 0 THEN 1 ELSE 0 END) AS BIGINT) AS paid_orders,
  CAST(SUM(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) AS BIGINT) AS paid_minor,
  SUM(CASE WHEN amount_minor > 0 THEN CAST(amount_minor AS DECIMAL(19, 0)) * CAST(amount_minor AS DECIMAL(19, 0))
           ELSE CAST(0 AS DECIMAL(38, 0)) END) AS paid_squared,
  CAST(SUM(return_lines) AS BIGINT) AS returns,
  CAST(SUM(return_minor) AS BIGINT) AS returns_minor,
  CAST(SUM(profit_minor) AS BIGINT) AS profit_minor,
  CAST(SUM(lines) AS BIGINT) AS lines,
  latest(account_manager, last_at) AS account_manager,
  latest(branch, last_at) AS branch
FROM (SELECT orders.*,
             is_cancellation OR return_lines = lines
               OR :taken_back <> 'count' AND return_lines > 0 AND amount_minor <= 0 AS is_back,
             :taken_back <> 'count' AND taken_back_later.order_id IS NOT NULL AS is_taken_back_later
      FROM orders LEFT JOIN taken_back_later
        ON orders.month_number = taken_back_later.month_number AND orders.customer_id = taken_back_later.customer_id
           AND orders.order_id = taken_back_later.order_id
      WHERE ordered_on >= CAST(:from_day AS DATE) AND ordered_on < CAST(:before_day AS DATE)) AS judged_orders
GROUP BY 1, 2
