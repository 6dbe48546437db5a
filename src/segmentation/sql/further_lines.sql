-- Lines judged once more where an amount is an order's. Where it stands on one of the order's lines only, the
-- others, which have none, count with nothing, or are set aside with the order. Where the same amount stands on
-- each of its lines, it counts once, on the first.
SELECT
  file, customer_id, order_id, ordered_at,
  CASE WHEN (is_further AND order_reason IS NULL) OR is_repeated THEN 0 ELSE amount_minor END AS amount_minor, profit_minor,
  account_manager, branch, digest, is_cancellation, is_finer, is_odd, raw_date, raw_amount, parent_id, rest, same, refund_minor,
  CASE WHEN is_further THEN order_reason ELSE reason END AS reason
FROM (SELECT placed.*, order_reason, reason = 'no amount' AND amounts.order_id IS NOT NULL AS is_further,
             reason IS NULL AND COALESCE(is_one AND place > first_place, FALSE) AS is_repeated
      FROM placed LEFT JOIN
        (SELECT customer_id, order_id, MIN(place) AS first_place, MIN(amount_minor) = MAX(amount_minor) AS is_one,
                CASE WHEN COUNT(CASE WHEN reason IS NULL THEN 1 END) = 0 THEN MIN(reason) END AS order_reason
         FROM placed WHERE order_id IS NOT NULL AND amount_minor IS NOT NULL GROUP BY 1, 2) AS amounts
        ON placed.customer_id = amounts.customer_id AND placed.order_id = amounts.order_id) AS placed
ORDER BY place
