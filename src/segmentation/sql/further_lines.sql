-- Lines judged once more where an amount is an order's and stands on one of its lines only: the order's other
-- lines, which have none, count with nothing.
SELECT
  file, placed.customer_id, placed.order_id, ordered_at,
  CASE WHEN is_further THEN 0 ELSE amount_minor END AS amount_minor, profit_minor, account_manager, branch,
  digest, is_cancellation, is_finer, is_odd, raw_date, raw_amount,
  CASE WHEN is_further THEN NULL ELSE reason END AS reason
FROM (SELECT placed.*, reason = 'no amount' AND amounts.order_id IS NOT NULL AS is_further
      FROM placed LEFT JOIN (SELECT DISTINCT customer_id, order_id FROM placed WHERE reason IS NULL) AS amounts
        ON placed.customer_id = amounts.customer_id AND placed.order_id = amounts.order_id) AS placed
ORDER BY place
