-- Customers who ordered before the window and not in it, with their last order.
SELECT customer_id, MAX(last_order) AS last_order
FROM read_parquet(:paths)
GROUP BY customer_id
HAVING MAX(last_order) < CAST(:window_start AS DATE)
ORDER BY customer_id
