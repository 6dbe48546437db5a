-- Per customer, over months of the ledger: the latest account manager and branch.
SELECT customer_id, latest(account_manager, month_number) AS account_manager, latest(branch, month_number) AS branch
FROM read_parquet(:paths)
GROUP BY customer_id
ORDER BY customer_id
