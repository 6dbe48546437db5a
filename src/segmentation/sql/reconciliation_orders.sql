-- Orders per reason of lines that are set aside; an order without an id is a customer's day.
SELECT reason, COUNT(*) AS orders
FROM (SELECT DISTINCT reason, customer_id, order_id,
             CASE WHEN order_id IS NULL THEN CAST(ordered_at AS DATE) END AS order_day
      FROM lines WHERE reason IS NOT NULL) AS distinct_orders
GROUP BY reason
UNION ALL
SELECT 'in the source only', COUNT(*)
FROM (SELECT customer_id, order_id, CASE WHEN order_id IS NULL THEN CAST(ordered_at AS DATE) END AS order_day
      FROM lines WHERE reason IS NOT NULL
      EXCEPT
      SELECT customer_id, order_id, order_day FROM orders) AS others
UNION ALL
SELECT 'accepted', COUNT(*) FROM (SELECT DISTINCT customer_id, order_id, order_day FROM orders) AS accepted
