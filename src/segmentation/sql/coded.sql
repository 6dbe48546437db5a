-- The ledger's rows with customers as numbers from 0 on, in the order of their ids: many questions ask them again and
-- again, and numbers are grouped many times faster than texts.
SELECT everybody.customer, month_number, orders, order_days, amount_minor,
       days_between(DATE '1970-01-01', first_order) AS first_day,
       days_between(DATE '1970-01-01', last_order) AS last_day
FROM read_parquet(:paths) AS ledger
JOIN (SELECT customer_id, CAST(ROW_NUMBER() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS customer
      FROM (SELECT DISTINCT customer_id FROM read_parquet(:paths)) AS ids) AS everybody
  ON ledger.customer_id = everybody.customer_id
