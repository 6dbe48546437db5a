-- The month of each customer's first order, in the coded ledger.
SELECT customer, MIN(month_number) AS first_month FROM coded WHERE orders > 0 GROUP BY customer
