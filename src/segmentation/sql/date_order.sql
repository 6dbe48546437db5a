-- What the rows say about dates such as 3/4/2017: begins with the day, with the month, either may be, or it is
-- the same. And about those of two digits each, such as 17-01-05: how many begin with what can only be a year,
-- or end so, and how many values stand first and last.
SELECT
  COUNT(CASE WHEN a > 12 AND b BETWEEN 1 AND 12 THEN 1 END) AS day_first,
  COUNT(CASE WHEN b > 12 AND a BETWEEN 1 AND 12 THEN 1 END) AS month_first,
  COUNT(CASE WHEN a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12 AND a <> b THEN 1 END) AS either,
  COUNT(CASE WHEN a BETWEEN 1 AND 12 AND a = b THEN 1 END) AS same,
  COALESCE(MIN(CASE WHEN a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12 AND a <> b THEN t END), MIN(t)) AS example,
  COUNT(CASE WHEN is_short THEN 1 END) AS short,
  COUNT(CASE WHEN is_short AND (a = 0 OR a > 31) THEN 1 END) AS year_begins,
  COUNT(CASE WHEN is_short AND (y = 0 OR y > 31 OR b > 12 OR is_single) THEN 1 END) AS year_ends,
  COUNT(DISTINCT CASE WHEN is_short THEN a END) AS first_values,
  COUNT(DISTINCT CASE WHEN is_short THEN y END) AS last_values
FROM (SELECT t, TRY_CAST(parts.a AS INTEGER) AS a, TRY_CAST(parts.b AS INTEGER) AS b, TRY_CAST(parts.y AS INTEGER) AS y,
             LENGTH(parts.y) = 2 AS is_short, LENGTH(parts.a) = 1 AS is_single
      FROM (SELECT t, year_last(t) AS parts FROM texts) AS parted WHERE parts.a <> '') AS numbers
