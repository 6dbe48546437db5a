-- Every customer known up to a month: days with an order, first and last order; and over the window the orders
-- above zero, their amount and the sum of their squares.
SELECT customer_id,
       CAST(SUM(order_days) AS BIGINT) AS days,
       MIN(first_order) AS first_order,
       MAX(last_order) AS last_order,
       CAST(SUM(CASE WHEN in_window THEN order_days ELSE 0 END) AS BIGINT) AS window_days,
       CAST(SUM(CASE WHEN in_window THEN paid_orders ELSE 0 END) AS BIGINT) AS orders,
       CAST(SUM(CASE WHEN in_window THEN paid_minor ELSE 0 END) AS BIGINT) AS amount,
       CAST(SUM(CASE WHEN in_window THEN paid_squared ELSE 0 END) AS DOUBLE) AS amount_squared
FROM (SELECT *, :as_of - month_number < :window_months AS in_window FROM read_parquet(:paths)) AS dated
GROUP BY customer_id
HAVING SUM(order_days) > 0
ORDER BY customer_id
