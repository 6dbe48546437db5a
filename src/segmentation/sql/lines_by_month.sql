-- Accepted lines by month.
SELECT EXTRACT(YEAR FROM ordered_at) * 12 + EXTRACT(MONTH FROM ordered_at) - 1 AS month_number, COUNT(*) AS lines
FROM lines WHERE reason IS NULL GROUP BY 1 ORDER BY 1
