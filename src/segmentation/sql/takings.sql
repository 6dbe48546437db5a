-- The orders and cancellations of customers who took anything back, lines set aside as returns among them.
SELECT customer_id, order_id, MIN(ordered_at) AS at, SUM(amount_minor) AS amount, COUNT(*) AS lines
FROM placed
WHERE (reason IS NULL OR reason = 'return or cancellation') AND order_id IS NOT NULL
  AND customer_id IN (SELECT customer_id FROM placed WHERE amount_minor < 0)
GROUP BY customer_id, order_id
