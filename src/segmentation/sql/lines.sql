-- Every line of the source with the reason why it is set aside; NULL is accepted. The first reason counts.
SELECT
  file, customer_id, order_id, ordered_at, amount_minor, profit_minor, account_manager, branch, digest,
  is_cancellation, is_finer, is_odd, raw_date, raw_amount, parent_id, rest, same, refund_minor, product_group,
  CASE
    WHEN customer_id IS NULL THEN 'no customer'
    WHEN LENGTH(customer_id) > 200 THEN 'customer id too long'
    WHEN ordered_at IS NULL AND ordered_at_empty THEN 'no date'
    WHEN ordered_at IS NULL THEN 'unreadable date'
    WHEN ordered_at < CAST('1970-01-01' AS DATE) OR ordered_at >= CAST('2100-01-01' AS DATE)
      THEN 'date out of range'
    WHEN ordered_at >= CAST(:drawn_before AS DATE) THEN 'date after the data was drawn'
    WHEN amount_minor IS NULL AND amount_is_empty THEN 'no amount'
    WHEN amount_minor IS NULL AND amount_is_finite THEN 'amount too large'
    WHEN amount_minor IS NULL THEN 'unreadable amount'
    WHEN is_test_customer THEN 'test customer'
    WHEN is_not_customer THEN 'not a customer'
    WHEN is_cancelled THEN 'cancelled'
    WHEN is_status_out THEN 'status set aside'
    WHEN is_refunded THEN 'refunded in full'
    WHEN is_unpaid THEN 'never paid'
    WHEN is_not_product THEN 'not a product'
    WHEN amount_minor = 0 AND :zero_lines = 'set_aside' THEN 'zero amount'
    WHEN (amount_minor < 0 OR is_cancellation) AND :returns = 'set_aside' THEN 'return or cancellation'
    WHEN is_finer AND :fine_amounts = 'set_aside' THEN 'too many decimals'
  END AS reason
FROM taken
