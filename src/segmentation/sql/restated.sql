-- How a month's rows before and after differ: customers concerned, and the amounts.
SELECT
  COUNT(*) AS customers,
  CAST(COALESCE(SUM(was.amount_minor), 0) AS BIGINT) AS amount_before,
  CAST(COALESCE(SUM(now.amount_minor), 0) AS BIGINT) AS amount_after
FROM month_before AS was FULL OUTER JOIN month_after AS now ON was.customer_id = now.customer_id
WHERE was.customer_id IS NULL OR now.customer_id IS NULL
   OR was.amount_minor <> now.amount_minor OR was.orders <> now.orders OR was.returns <> now.returns
   OR was.order_days <> now.order_days OR was.lines <> now.lines
   OR was.paid_minor <> now.paid_minor OR was.paid_squared <> now.paid_squared
   OR COALESCE(was.first_order, CAST('1900-01-01' AS DATE)) <> COALESCE(now.first_order, CAST('1900-01-01' AS DATE))
   OR COALESCE(was.last_order, CAST('1900-01-01' AS DATE)) <> COALESCE(now.last_order, CAST('1900-01-01' AS DATE))
   OR COALESCE(was.profit_minor, 0) <> COALESCE(now.profit_minor, 0)
