-- Orders whose lines lie in more than one month; such an order counts in each of them. First by a hash of their
-- ids, which takes little memory, then for certain.
WITH twice AS (
  SELECT hash_of(customer_id, order_id) AS hashed FROM orders
  WHERE order_id IS NOT NULL GROUP BY 1 HAVING COUNT(*) > 1
)
SELECT customer_id, order_id, COUNT(*) AS months, MIN(ordered_on) AS first_day, MAX(ordered_on) AS last_day,
       CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(amount_minor) AS BIGINT) AS amount
FROM orders
WHERE order_id IS NOT NULL AND hash_of(customer_id, order_id) IN (SELECT hashed FROM twice)
GROUP BY customer_id, order_id
HAVING COUNT(*) > 1
