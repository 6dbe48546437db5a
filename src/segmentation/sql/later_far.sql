-- Lines dated outside the days that the body of the lines covers.
SELECT place, 'date far from the others' AS reason
FROM placed
WHERE reason IS NULL AND (ordered_at < CAST(:from_day AS DATE) OR ordered_at >= CAST(:before_day AS DATE))
