-- Per customer, over months of the ledger: orders above zero, their amount and the sum of their squares.
SELECT customer_id,
       CAST(SUM(paid_orders) AS BIGINT) AS orders,
       CAST(SUM(paid_minor) AS BIGINT) AS amount,
       CAST(SUM(paid_squared) AS DOUBLE) AS amount_squared
FROM read_parquet(:paths)
GROUP BY customer_id
HAVING SUM(paid_orders) > 0
ORDER BY customer_id
