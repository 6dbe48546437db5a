-- What came in, what was set aside and why, what is accepted: in whole minor units.
SELECT 1 AS place, 'lines in the source' AS rule, COUNT(*) AS `rows`,
       (SELECT COUNT(*) FROM (SELECT DISTINCT customer_id, order_id, CAST(ordered_at AS DATE) FROM lines
                              WHERE order_id IS NULL
                              UNION ALL
                              SELECT DISTINCT customer_id, order_id, CAST(NULL AS DATE) FROM lines
                              WHERE order_id IS NOT NULL)) AS orders,
       COUNT(DISTINCT customer_id) AS customers,
       CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS amount
FROM lines
UNION ALL
SELECT 2, reason, COUNT(*), COUNT(DISTINCT CONCAT(LENGTH(customer_id), customer_id, order_id)),
       COUNT(DISTINCT customer_id), CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT)
FROM lines WHERE reason IS NOT NULL GROUP BY reason
UNION ALL
SELECT 3, 'accepted', (SELECT COUNT(*) FROM lines WHERE reason IS NULL),
       (SELECT COUNT(*) FROM (SELECT DISTINCT customer_id, order_id, order_day FROM orders)),
       (SELECT COUNT(DISTINCT customer_id) FROM orders),
       (SELECT CAST(SUM(amount_minor) AS BIGINT) FROM orders)
ORDER BY 1, 2
