-- The lines set aside, or the one at :place, each with the number of its row in its file. Lines that could not be parted into
-- columns, and blank ones, are not among the lines, but count: the i-th of them at row r moves all from place
-- r - i on.
WITH starts AS (SELECT file, MIN(rowid) AS start FROM lines GROUP BY file),
moves AS (
  SELECT file, threshold, MAX(moved) AS moved
  FROM (SELECT file, row_number - ROW_NUMBER() OVER (PARTITION BY file ORDER BY row_number) + 1 AS threshold,
               ROW_NUMBER() OVER (PARTITION BY file ORDER BY row_number) AS moved
        FROM (SELECT file, row_number FROM unreadable UNION SELECT file, row_number FROM blank) AS between_lines)
  GROUP BY file, threshold
),
bad AS (
  SELECT COALESCE(lines.file, :name) AS file,
         lines.rowid - start + COALESCE(first_row, :first_row) AS place, reason, customer_id, order_id,
         ordered_at, amount_minor AS amount, raw_date, raw_amount
  FROM lines JOIN starts ON lines.file IS NOT DISTINCT FROM starts.file
       LEFT JOIN first_rows ON first_rows.file = lines.file
  WHERE CASE WHEN CAST(:place AS BIGINT) IS NULL THEN reason IS NOT NULL ELSE lines.rowid = CAST(:place AS BIGINT) END
)
SELECT bad.file, place + COALESCE(moved, 0) AS `row`, reason, customer_id, order_id, ordered_at,
       CAST(amount AS DOUBLE) / :unit AS amount, raw_date, raw_amount, CAST(NULL AS VARCHAR) AS raw_line
FROM bad ASOF LEFT JOIN moves ON bad.file = moves.file AND bad.place >= moves.threshold
UNION ALL
SELECT file, row_number, 'unreadable row', NULL, NULL, NULL, NULL, NULL, NULL, text FROM unreadable
WHERE CAST(:place AS BIGINT) IS NULL
ORDER BY 1, 2
