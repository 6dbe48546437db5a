-- Orders whose lines lie in more than one month; such an order counts in each of them.
SELECT customer_id, order_id, COUNT(*) AS months, MIN(ordered_on) AS first_day, MAX(ordered_on) AS last_day,
       CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(amount_minor) AS BIGINT) AS amount
FROM orders
WHERE order_id IS NOT NULL
GROUP BY customer_id, order_id
HAVING COUNT(*) > 1
ORDER BY customer_id, order_id
