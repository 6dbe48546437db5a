-- What the engines spell differently, for DuckDB. Each macro's meaning is what another engine has to give.

-- whole days from a to b
CREATE TEMP MACRO days_between(a, b) AS CAST(CAST(b AS DATE) - CAST(a AS DATE) AS INTEGER);

-- the month a moment falls in, as text YYYY-MM
CREATE TEMP MACRO month_of(moment) AS strftime(CAST(moment AS DATE), '%Y-%m');

-- text without blanks around it (also the full-width and the no-break blank); nothing left is NULL
CREATE TEMP MACRO cleaned(t) AS
  NULLIF(TRIM(CAST(t AS VARCHAR), concat(' ', chr(9), chr(10), chr(13), chr(160), chr(12288), chr(65279))), '');

-- an identifier that a floating-point column holds: 17850.0 is the customer 17850, NaN is none
CREATE TEMP MACRO id_of_double(x) AS
  CASE WHEN isfinite(x) AND x = trunc(x) AND abs(x) < 9007199254740992
       THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
       WHEN isfinite(x) THEN CAST(x AS VARCHAR) END;

-- decimal currency to whole minor units, half to even; NULL at 9e15 minor units and beyond
CREATE TEMP MACRO minor_of_decimal(d, unit) AS
  CASE WHEN abs(round_even(CAST(d AS DECIMAL(28, 6)) * CAST(unit AS DECIMAL(9, 0)), 0)) < 9000000000000000
       THEN CAST(round_even(CAST(d AS DECIMAL(28, 6)) * CAST(unit AS DECIMAL(9, 0)), 0) AS BIGINT) END;

-- a double's shortest decimal text as DECIMAL(28, 6).
CREATE TEMP MACRO decimal_of_double(x) AS TRY_CAST(CAST(x AS VARCHAR) AS DECIMAL(28, 6));

-- The same through the shortest decimal text, with a fast path. Where m is whole, |m| < 1e15 and m / unit is
-- exactly x, the decimal m / unit has at most 15 digits, so it is the shortest text of x: the result is m.
CREATE TEMP MACRO minor_of_double(x, unit) AS
  CASE WHEN abs(x * unit) < 1e15 AND round_even(x * unit, 0) / unit = x
       THEN CAST(round_even(x * unit, 0) AS BIGINT)
       ELSE minor_of_decimal(decimal_of_double(x), unit) END;

-- an order-independent checksum of rows given as text
CREATE TEMP MACRO checksum_of(t) AS printf('%032x', bit_xor(md5_number(t)));

-- a moment from text: ISO with or without time, slashes for dashes, or eight digits; else NULL
CREATE TEMP MACRO moment_of_text(t) AS
  CASE WHEN regexp_matches(t, '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}') THEN TRY_CAST(t AS TIMESTAMP)
       WHEN regexp_matches(t, '^[0-9]{8}$') THEN try_strptime(t, '%Y%m%d') END;

-- a plain decimal number in text; else NULL
CREATE TEMP MACRO decimal_of_text(t) AS
  CASE WHEN regexp_matches(t, '^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$')
       THEN TRY_CAST(t AS DECIMAL(28, 6)) END;

-- whether text is a plain number, however large
CREATE TEMP MACRO is_number(t) AS
  regexp_matches(t, '^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$');

-- quantity times price in whole minor units, rounded half to even once; NULL where it is too large
CREATE TEMP MACRO minor_of_product(quantity, price, digits) AS
  CASE WHEN abs(CAST(quantity AS DOUBLE)) < 1e12 AND abs(CAST(price AS DOUBLE)) < 1e12
        AND abs(CAST(quantity AS DOUBLE) * CAST(price AS DOUBLE)) < 8e15 / pow(10, digits)
       THEN CAST(round_even(CAST(quantity AS DECIMAL(18, 6)) * CAST(price AS DECIMAL(18, 6)), digits)
                 * CAST(pow(10, digits) AS INTEGER) AS BIGINT) END;
