-- Lines judged once more, in their order, with the reasons that only all lines together tell.
SELECT
  file, customer_id, order_id, ordered_at, amount_minor, profit_minor, account_manager, branch, digest,
  is_cancellation, is_finer, is_odd, raw_date, raw_amount, parent_id, rest, same, refund_minor,
  COALESCE(placed.reason, later.reason) AS reason
FROM placed LEFT JOIN later ON placed.place = later.place
ORDER BY placed.place
