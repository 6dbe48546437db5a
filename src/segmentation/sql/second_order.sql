-- Customers of the coded ledger with a second day with an order: the days to wait for it, and the month it came in.
-- Where the first month has more than two such days, only its first and last are known: the second is taken at even
-- steps.
SELECT CASE WHEN days_in_first = 1 THEN next_day - first_day
            ELSE CAST(round_even(CAST(last_day - first_day AS DOUBLE) / (days_in_first - 1), 0) AS INTEGER) END AS wait,
       CASE WHEN days_in_first = 1 THEN next_month ELSE first_month END AS second_month
FROM (
  SELECT MIN(first_month) AS first_month,
         MIN(CASE WHEN is_first THEN first_day END) AS first_day,
         MAX(CASE WHEN is_first THEN last_day END) AS last_day,
         MAX(CASE WHEN is_first THEN order_days END) AS days_in_first,
         MIN(CASE WHEN NOT is_first THEN first_day END) AS next_day,
         MIN(CASE WHEN NOT is_first THEN month_number END) AS next_month
  FROM (
    SELECT coded.customer, first_day, last_day, order_days, month_number, first_month,
           month_number = first_month AS is_first
    FROM coded JOIN firsts ON coded.customer = firsts.customer
    WHERE orders > 0
  ) AS dated
  GROUP BY customer
) AS each_customer
WHERE days_in_first > 1 OR next_day IS NOT NULL
