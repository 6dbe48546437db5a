-- Orders that were taken back in full in a later month than they were placed in: one row per such month.
SELECT month_number, customer_id, order_id
FROM (SELECT orders.month_number, orders.customer_id, orders.order_id, orders.amount_minor,
             SUM(orders.amount_minor) OVER (PARTITION BY orders.customer_id, orders.order_id
                                            ORDER BY orders.month_number) AS until_now
      FROM orders JOIN spanning
        ON orders.customer_id = spanning.customer_id AND orders.order_id = spanning.order_id) AS running
WHERE until_now <= 0 AND until_now - amount_minor > 0
