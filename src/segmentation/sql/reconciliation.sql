-- The lines by what became of them, in whole minor units: per reason (NULL: accepted) rows, orders, customers.
SELECT reason, COUNT(*) AS `rows`, 0 AS orders, COUNT(DISTINCT customer_id) AS customers,
       CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS amount
FROM lines GROUP BY reason
