-- Orders taken back in full, by a cancellation of the same amount and number of lines, within :minutes of
-- being placed, together with their cancellations. Needs times of day and order ids. Each order and each
-- cancellation is matched once: the nearest pair in time.
WITH takings AS (
  SELECT customer_id, order_id, MIN(ordered_at) AS at, SUM(amount_minor) AS amount, COUNT(*) AS lines
  FROM lines
  WHERE reason IS NULL AND order_id IS NOT NULL
    AND customer_id IN (SELECT customer_id FROM lines WHERE reason IS NULL AND amount_minor < 0)
  GROUP BY customer_id, order_id
),
pairs AS (
  SELECT placed.customer_id, placed.order_id AS placed_id, back.order_id AS back_id,
         ROW_NUMBER() OVER (PARTITION BY back.customer_id, back.order_id
                            ORDER BY placed.at DESC, placed.order_id) AS nearest_order,
         ROW_NUMBER() OVER (PARTITION BY placed.customer_id, placed.order_id
                            ORDER BY back.at, back.order_id) AS nearest_back
  FROM takings AS placed JOIN takings AS back
    ON placed.customer_id = back.customer_id AND placed.amount = -back.amount AND placed.lines = back.lines
  WHERE placed.amount > 0 AND back.at >= placed.at AND minutes_between(placed.at, back.at) <= :minutes
    AND NOT (placed.at = back.at AND placed.at = CAST(CAST(placed.at AS DATE) AS TIMESTAMP))
)
SELECT customer_id, placed_id AS order_id FROM pairs WHERE nearest_order = 1 AND nearest_back = 1
UNION ALL
SELECT customer_id, back_id FROM pairs WHERE nearest_order = 1 AND nearest_back = 1
