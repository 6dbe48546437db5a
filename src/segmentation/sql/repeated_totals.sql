-- Orders of several different lines: how many there are, in how many every line has the same amount, how many
-- such amounts there are, and what the repetitions are worth. An order's total on each of its lines looks so.
SELECT COUNT(*) AS several,
       COUNT(CASE WHEN least_amount = most_amount THEN 1 END) AS repeated,
       COUNT(DISTINCT CASE WHEN least_amount = most_amount THEN least_amount END) AS amounts,
       CAST(COALESCE(SUM(CASE WHEN least_amount = most_amount THEN (lines - 1) * least_amount END), 0) AS BIGINT) AS twice
FROM (SELECT customer_id, order_id, COUNT(*) AS lines, MIN(amount_minor) AS least_amount,
             MAX(amount_minor) AS most_amount
      FROM lines WHERE reason IS NULL AND order_id IS NOT NULL AND amount_minor > 0
      GROUP BY customer_id, order_id HAVING COUNT(*) > 1 AND COUNT(DISTINCT digest) > 1) AS orders_of_several
