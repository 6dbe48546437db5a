-- Lines that are not used, each with its reason, its place in the source and the text that could not be read.
SELECT file, row_number AS `row`, reason, customer_id, order_id, ordered_at, amount_minor AS amount,
       raw_date, raw_amount
FROM lines
WHERE reason IS NOT NULL
ORDER BY file, row_number
