-- What the rows say about the decimal sign: a point, a comma, or either may be (1.234); and currency signs.
-- A comma before three digits and nothing else to go by groups thousands: nobody sells by thousandths.
SELECT
  COUNT(CASE WHEN regexp_matches(u, '^[-+]?(\d{1,3}(,\d{2,3})+\.\d*|\d*\.(\d{1,2}|\d{4,})|0?\.\d+|\d{1,3}(,\d{3}){2,})$')
             THEN 1 END) AS point,
  COUNT(CASE WHEN regexp_matches(u, '^[-+]?(\d{1,3}(\.\d{3})+,\d*|\d*,(\d{1,2}|\d{4,})|0?,\d+|\d{1,3}(\.\d{3}){2,})$')
             THEN 1 END) AS comma,
  COUNT(CASE WHEN regexp_matches(u, '^[-+]?[1-9]\d{0,2}\.\d{3}$') THEN 1 END) AS either,
  list(DISTINCT sign) FILTER (WHERE sign <> '') AS signs,
  COALESCE(MIN(CASE WHEN regexp_matches(u, '^[-+]?\d{1,3}[.,]\d{3}$') THEN t END), MIN(t)) AS example
FROM (SELECT t, signed(without_scale(without_currency(t))) AS u, regexp_extract(t, currency_sign()) AS sign
      FROM texts WHERE regexp_matches(t, '[.,\p{Sc}\p{L}]')) AS numbers
