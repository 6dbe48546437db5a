-- In a file that is sorted by date, lines whose day and month fit their neighbours only when they change places.
-- A day after the 12th cannot be swapped; such lines before and behind say where a line belongs. Per file: how
-- many of those sure lines follow in order or against it, and how many others fit only when swapped.
WITH dated AS (
  SELECT file, place, CAST(ordered_at AS DATE) AS day, EXTRACT(DAY FROM ordered_at) AS d,
         EXTRACT(MONTH FROM ordered_at) AS m, EXTRACT(YEAR FROM ordered_at) AS y
  FROM placed WHERE reason IS NULL
),
near AS (
  SELECT dated.*,
         LAST_VALUE(CASE WHEN d > 12 THEN day END IGNORE NULLS)
           OVER (PARTITION BY file ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
         FIRST_VALUE(CASE WHEN d > 12 THEN day END IGNORE NULLS)
           OVER (PARTITION BY file ORDER BY place ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS behind
  FROM dated
),
apart AS (
  SELECT file, place, day, d, before,
         days_outside(day, LEAST(before, behind), GREATEST(before, behind)) AS outside,
         days_outside(MAKE_DATE(y, CASE WHEN d > 12 THEN m ELSE d END, CASE WHEN d > 12 THEN d ELSE m END),
                      LEAST(before, behind), GREATEST(before, behind)) AS swapped_outside
  FROM near
)
SELECT file,
       COUNT(CASE WHEN d > 12 AND day > before THEN 1 END) AS forward,
       COUNT(CASE WHEN d > 12 AND day < before THEN 1 END) AS backward,
       COUNT(CASE WHEN d <= 12 AND outside > 15 AND swapped_outside <= 12 THEN 1 END) AS swapped,
       MIN(CASE WHEN d <= 12 AND outside > 15 AND swapped_outside <= 12 THEN place END) AS place
FROM apart
GROUP BY file
ORDER BY file
