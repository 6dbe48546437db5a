-- The days with an accepted line in the last quarter of the data.
SELECT DISTINCT CAST(ordered_at AS DATE) AS trading_day
FROM lines
WHERE reason IS NULL AND ordered_at >= CAST(:since AS DATE)
ORDER BY trading_day
