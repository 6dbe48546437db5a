-- The days with an accepted line, and how many lines they have.
SELECT CAST(ordered_at AS DATE) AS trading_day, COUNT(*) AS lines
FROM lines
WHERE reason IS NULL
GROUP BY 1
ORDER BY trading_day
