-- The net of the coded ledger's customers in the last :ahead months up to a month and in the :ahead months after it, and
-- whether they had ordered by then, for the first time in the last months. In minor units.
SELECT coded.customer, MIN(first_month) <= :as_of AS is_known,
       MIN(first_month) <= :as_of AND MIN(first_month) > :as_of - :ahead AS is_recent,
       CAST(SUM(CASE WHEN month_number <= :as_of THEN amount_minor ELSE 0 END) AS BIGINT) AS last,
       CAST(SUM(CASE WHEN month_number > :as_of THEN amount_minor ELSE 0 END) AS BIGINT) AS next
FROM coded JOIN firsts ON coded.customer = firsts.customer
WHERE month_number > :as_of - :ahead AND month_number <= :until
GROUP BY coded.customer
ORDER BY coded.customer
