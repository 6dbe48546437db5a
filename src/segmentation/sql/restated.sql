-- How a month's rows before and after differ: customers concerned, and the amount of the whole month before.
SELECT
  (SELECT COUNT(DISTINCT customer_id)
   FROM ((SELECT * FROM month_before EXCEPT SELECT * FROM month_after)
         UNION ALL
         (SELECT * FROM month_after EXCEPT SELECT * FROM month_before)) AS different) AS customers,
  (SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM month_before) AS amount_before
