-- Lines of the orders that were taken back at once, and of their cancellations.
SELECT place, 'order taken back at once' AS reason
FROM placed JOIN cancelled
  ON placed.customer_id = cancelled.customer_id AND placed.order_id = cancelled.order_id
WHERE reason IS NULL
