-- Orders per reason of lines that are set aside; an order without an id is a customer's day.
WITH aside AS (
  SELECT DISTINCT reason, customer_id, order_id,
                  CASE WHEN order_id IS NULL THEN CAST(ordered_at AS DATE) END AS order_day
  FROM lines WHERE reason IS NOT NULL
)
SELECT reason, COUNT(*) AS orders FROM aside GROUP BY reason
UNION ALL
SELECT 'in the source only', COUNT(*)
FROM (SELECT DISTINCT customer_id, order_id, order_day FROM aside) AS distinct_orders
WHERE NOT EXISTS (SELECT 1 FROM orders
                  WHERE orders.customer_id = distinct_orders.customer_id
                    AND orders.order_id IS NOT DISTINCT FROM distinct_orders.order_id
                    AND orders.order_day IS NOT DISTINCT FROM distinct_orders.order_day)
UNION ALL
SELECT 'accepted', (SELECT COUNT(*) FROM orders) - (SELECT COALESCE(SUM(months - 1), 0) FROM spanning)
