-- What the rows say about dates such as 3/4/2017: begins with the day, with the month,
-- either may be, or it is the same.
SELECT
  COUNT(CASE WHEN a > 12 AND b BETWEEN 1 AND 12 THEN 1 END) AS day_first,
  COUNT(CASE WHEN b > 12 AND a BETWEEN 1 AND 12 THEN 1 END) AS month_first,
  COUNT(CASE WHEN a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12 AND a <> b THEN 1 END) AS either,
  COUNT(CASE WHEN a BETWEEN 1 AND 12 AND a = b THEN 1 END) AS same,
  COALESCE(MIN(CASE WHEN a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12 AND a <> b THEN t END), MIN(t)) AS example
FROM (SELECT t, TRY_CAST(parts.a AS INTEGER) AS a, TRY_CAST(parts.b AS INTEGER) AS b
      FROM (SELECT t, year_last(t) AS parts FROM texts) AS parted WHERE parts.a <> '') AS numbers
