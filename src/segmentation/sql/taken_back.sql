-- Orders taken back in full, by a cancellation of the same amount and number of lines, within :minutes of being
-- placed; and the cancellations. It needs times of day. Each is matched once, the nearest in time; what is
-- nearest to something nearer is left for another round.
WITH pairs AS (
  SELECT bought.customer_id, bought.order_id AS bought_id, back.order_id AS back_id,
         ROW_NUMBER() OVER (PARTITION BY back.customer_id, back.order_id
                            ORDER BY bought.at DESC, bought.order_id) AS nearest_bought,
         ROW_NUMBER() OVER (PARTITION BY bought.customer_id, bought.order_id
                            ORDER BY back.at, back.order_id) AS nearest_back
  FROM takings AS bought JOIN takings AS back
    ON bought.customer_id = back.customer_id AND bought.amount = -back.amount AND bought.lines = back.lines
  WHERE bought.amount > 0 AND back.at >= bought.at AND minutes_between(bought.at, back.at) <= :minutes
    AND NOT (bought.at = back.at AND bought.at = CAST(CAST(bought.at AS DATE) AS TIMESTAMP))
)
SELECT customer_id, bought_id AS order_id FROM pairs WHERE nearest_bought = 1 AND nearest_back = 1
UNION ALL
SELECT customer_id, back_id FROM pairs WHERE nearest_bought = 1 AND nearest_back = 1
