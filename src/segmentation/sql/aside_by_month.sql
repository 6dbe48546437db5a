-- The lines set aside by the month of their date and the reason; those without a readable date are left out.
SELECT EXTRACT(YEAR FROM ordered_at) * 12 + EXTRACT(MONTH FROM ordered_at) - 1 AS month_number, reason,
       COUNT(*) AS `rows`, CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS amount_minor
FROM lines
WHERE reason IS NOT NULL AND ordered_at IS NOT NULL
GROUP BY 1, 2
ORDER BY 1, 2
