-- Further copies of lines that are equal in every column of the source, and in a later file than their first of
-- lines that are equal by customer, order, moment, amount and product: as many as stand in an earlier file too.
SELECT place, 'duplicate line' AS reason
FROM (SELECT place, same, MAX(here) OVER (PARTITION BY same, customer_id, order_id, ordered_at, amount_minor) AS most,
             copy, ROW_NUMBER() OVER (PARTITION BY same, customer_id, order_id, ordered_at, amount_minor
                                      ORDER BY place) AS turn
      FROM (SELECT placed.*,
                   ROW_NUMBER() OVER (PARTITION BY digest, customer_id, order_id, ordered_at, amount_minor
                                      ORDER BY place) AS copy,
                   COUNT(*) OVER (PARTITION BY file, same, customer_id, order_id, ordered_at, amount_minor) AS here
            FROM placed WHERE reason IS NULL) AS counted) AS numbered
WHERE copy > 1 OR same IS NOT NULL AND turn > most
