-- The ids of those customers: number n is the n-th row, counted from 0.
SELECT DISTINCT customer_id FROM read_parquet(:paths) ORDER BY customer_id
