-- Each month of the ledger in figures, with a checksum that does not depend on the order of the rows.
SELECT
  month_number,
  COUNT(*) AS customers,
  CAST(SUM(orders) AS BIGINT) AS orders,
  CAST(SUM(returns) AS BIGINT) AS returns,
  CAST(SUM(lines) AS BIGINT) AS lines,
  CAST(SUM(amount_minor) AS BIGINT) AS amount_minor,
  checksum_of(CONCAT_WS('|', orders, order_days, COALESCE(CAST(first_order AS VARCHAR), '-'),
    COALESCE(CAST(last_order AS VARCHAR), '-'), amount_minor, paid_orders, paid_minor, paid_squared, returns,
    returns_minor, COALESCE(CAST(profit_minor AS VARCHAR), '-'), lines,
    COALESCE(account_manager, '-'), LENGTH(COALESCE(account_manager, '-')), COALESCE(branch, '-'), customer_id)) AS checksum
FROM ledger
GROUP BY month_number
ORDER BY month_number
