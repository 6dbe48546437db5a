-- How many customers waited how many days from their first to their second day with an order. Where the first month
-- has more than two such days, only its first and last are known: the second is taken as the next at even steps.
SELECT wait, COUNT(*) AS customers
FROM (
  SELECT CASE WHEN order_days = 1 THEN days_between(first_order, next_order)
              ELSE CAST(round_even(CAST(days_between(first_order, last_order) AS DOUBLE) / (order_days - 1), 0) AS INTEGER)
         END AS wait
  FROM (
    SELECT order_days, first_order, last_order,
           ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY month_number) AS place,
           LEAD(first_order) OVER (PARTITION BY customer_id ORDER BY month_number) AS next_order
    FROM read_parquet(:paths) WHERE orders > 0
  ) AS active
  WHERE place = 1 AND (order_days > 1 OR next_order IS NOT NULL)
) AS waited
GROUP BY wait
ORDER BY wait
