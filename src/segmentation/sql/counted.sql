-- What all lines of the source hold, used or not, that the rules speak of. Amounts in whole minor units.
WITH twice AS (SELECT digest FROM lines GROUP BY digest HAVING COUNT(*) > 1),
flagged AS (
  SELECT 'cancellations' AS rule, customer_id, order_id, ordered_at, amount_minor, 1 AS copies
  FROM lines WHERE is_cancellation
  UNION ALL
  SELECT 'returns', customer_id, order_id, ordered_at, amount_minor, 1
  FROM lines WHERE amount_minor < 0 AND NOT is_cancellation
  UNION ALL
  SELECT 'lines of no amount', customer_id, order_id, ordered_at, amount_minor, 1
  FROM lines WHERE amount_minor = 0
  UNION ALL
  SELECT 'amounts rounded', customer_id, order_id, ordered_at, amount_minor, 1
  FROM lines WHERE is_finer
  UNION ALL
  SELECT 'orders over two months', customer_id, order_id, first_day, amount, lines FROM spanning
  UNION ALL
  SELECT 'exact duplicates', customer_id, order_id, ordered_at, amount_minor, COUNT(*) - 1
  FROM lines WHERE digest IN (SELECT digest FROM twice)
  GROUP BY digest, customer_id, order_id, ordered_at, amount_minor HAVING COUNT(*) > 1
)
SELECT 'same line in two files' AS rule, CAST(SUM(copies) AS BIGINT) AS `rows`, COUNT(DISTINCT order_id) AS orders,
       COUNT(DISTINCT customer_id) AS customers, CAST(SUM(copies * amount_minor) AS BIGINT) AS amount
FROM (SELECT customer_id, order_id, amount_minor, SUM(n) - MAX(n) AS copies
      FROM (SELECT file, same, customer_id, order_id, ordered_at, amount_minor, COUNT(*) AS n
            FROM lines WHERE same IS NOT NULL AND customer_id IS NOT NULL AND ordered_at IS NOT NULL
            GROUP BY 1, 2, 3, 4, 5, 6) AS by_file
      GROUP BY same, customer_id, order_id, ordered_at, amount_minor HAVING COUNT(*) > 1) AS copied
HAVING COUNT(*) > 0
UNION ALL
SELECT 'refunds taken off', COUNT(*), COUNT(DISTINCT order_id), COUNT(DISTINCT customer_id),
       CAST(SUM(-refund_minor) AS BIGINT)
FROM lines WHERE refund_minor > 0 HAVING COUNT(*) > 0
UNION ALL
SELECT 'spellings joined', CAST(SUM(lines) AS BIGINT), 0, COUNT(DISTINCT id), CAST(SUM(amount_minor) AS BIGINT)
FROM joined HAVING COUNT(*) > 0
UNION ALL
SELECT rule, CAST(SUM(copies) AS BIGINT),
       COUNT(DISTINCT CONCAT(LENGTH(customer_id), ':', customer_id, COALESCE(order_id, CAST(ordered_at AS VARCHAR))))
         AS orders,
       COUNT(DISTINCT customer_id) AS customers,
       CAST(COALESCE(SUM(CASE WHEN rule = 'exact duplicates' THEN amount_minor * copies ELSE amount_minor END), 0)
         AS BIGINT) AS amount
FROM flagged GROUP BY rule
