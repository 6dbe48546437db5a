-- Every line of the source with the reason why it is set aside; NULL is accepted. The first reason counts.
SELECT
  taken.*,
  CASE
    WHEN customer_id IS NULL THEN 'no customer'
    WHEN LENGTH(customer_id) > 200 THEN 'customer id too long'
    WHEN ordered_at IS NULL THEN 'unreadable date'
    WHEN ordered_at < CAST('1970-01-01' AS DATE) OR ordered_at >= CAST('2100-01-01' AS DATE)
      THEN 'date out of range'
    WHEN amount_minor IS NULL AND amount_is_number THEN 'amount too large'
    WHEN amount_minor IS NULL THEN 'unreadable amount'
  END AS reason
FROM taken
