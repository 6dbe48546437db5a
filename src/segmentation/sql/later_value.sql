-- Per customer, over months of the ledger: the net amount in minor units.
SELECT customer_id, CAST(SUM(amount_minor) AS BIGINT) AS `value`
FROM read_parquet(:paths)
GROUP BY customer_id
ORDER BY customer_id
