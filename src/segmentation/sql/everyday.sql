-- Customers who order on most trading days, where most others hardly ever do: accounts of many people.
WITH people AS (
  SELECT customer_id AS id, COUNT(*) AS lines, CAST(SUM(amount_minor) AS BIGINT) AS amount,
         COUNT(DISTINCT CAST(ordered_at AS DATE)) AS days
  FROM lines WHERE reason IS NULL GROUP BY customer_id
),
whole AS (
  SELECT (SELECT COUNT(DISTINCT CAST(ordered_at AS DATE)) FROM lines WHERE reason IS NULL) AS days,
         COUNT(*) AS customers, CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY days) AS DOUBLE) AS usual
  FROM people
)
SELECT id, lines, amount
FROM people CROSS JOIN whole
WHERE whole.days >= 30 AND whole.customers >= 10 AND people.days * 2 > whole.days AND people.days >= 8 * whole.usual
ORDER BY amount DESC, id
