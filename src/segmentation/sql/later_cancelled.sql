-- Lines of orders taken back in full, by a cancellation of the same amount and number of lines, within
-- :minutes of being placed, and of the cancellations. It needs times of day and order ids. Each order and
-- each cancellation is matched once, with the nearest in time.
WITH takings AS (
  SELECT customer_id, order_id, MIN(ordered_at) AS at, SUM(amount_minor) AS amount, COUNT(*) AS lines
  FROM placed
  WHERE reason IS NULL AND order_id IS NOT NULL
    AND customer_id IN (SELECT customer_id FROM placed WHERE reason IS NULL AND amount_minor < 0)
  GROUP BY customer_id, order_id
),
pairs AS (
  SELECT bought.customer_id, bought.order_id AS bought_id, back.order_id AS back_id,
         ROW_NUMBER() OVER (PARTITION BY back.customer_id, back.order_id
                            ORDER BY bought.at DESC, bought.order_id) AS nearest_bought,
         ROW_NUMBER() OVER (PARTITION BY bought.customer_id, bought.order_id
                            ORDER BY back.at, back.order_id) AS nearest_back
  FROM takings AS bought JOIN takings AS back
    ON bought.customer_id = back.customer_id AND bought.amount = -back.amount AND bought.lines = back.lines
  WHERE bought.amount > 0 AND back.at >= bought.at AND minutes_between(bought.at, back.at) <= :minutes
    AND NOT (bought.at = back.at AND bought.at = CAST(CAST(bought.at AS DATE) AS TIMESTAMP))
),
taken_back AS (
  SELECT customer_id, bought_id AS order_id FROM pairs WHERE nearest_bought = 1 AND nearest_back = 1
  UNION ALL
  SELECT customer_id, back_id FROM pairs WHERE nearest_bought = 1 AND nearest_back = 1
)
SELECT place, 'order taken back at once' AS reason
FROM placed JOIN taken_back
  ON placed.customer_id = taken_back.customer_id AND placed.order_id = taken_back.order_id
WHERE reason IS NULL
