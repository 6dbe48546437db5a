-- Further copies of lines that are equal in every column of the source.
SELECT place, 'duplicate line' AS reason
FROM (SELECT place, ROW_NUMBER() OVER (PARTITION BY digest, customer_id, order_id, ordered_at, amount_minor
                                       ORDER BY place) AS copy
      FROM placed WHERE reason IS NULL) AS numbered
WHERE copy > 1
