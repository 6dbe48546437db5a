-- Orders that were taken back in full in a later month than they were placed in: one row per such month.
SELECT DISTINCT month_number, customer_id, order_id
FROM (SELECT month_number, customer_id, order_id, amount_minor,
             SUM(amount_minor) OVER (PARTITION BY customer_id, order_id ORDER BY month_number) AS until_now
      FROM orders
      WHERE order_id IS NOT NULL AND (customer_id, order_id) IN (SELECT (customer_id, order_id) FROM spanning)) AS running
WHERE until_now <= 0 AND until_now - amount_minor > 0
