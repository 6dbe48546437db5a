-- What the engines spell differently, for DuckDB. Each macro's meaning is what another engine has to give.

-- SUMS AND TIME

-- an order-independent checksum of rows given as text
CREATE MACRO checksum_of(t) AS printf('%032x', bit_xor(md5_number(t)));

-- a number of 64 bits that two texts make; other texts make the same one hardly ever
CREATE MACRO hash_of(a, b) AS hash(a, b);

-- whole minutes from a to b, rounded up
CREATE MACRO minutes_between(a, b) AS CAST(ceil((epoch_us(b) - epoch_us(a)) / 6e7) AS BIGINT);

-- whole days from a to b
CREATE MACRO days_between(a, b) AS CAST(CAST(b AS DATE) - CAST(a AS DATE) AS INTEGER);

-- of the values seen, the one of the latest moment (of two at once, the greater)
CREATE MACRO latest(item, moment) AS
  max(CASE WHEN item IS NOT NULL THEN struct_pack(moment := moment, item := item) END).item;

-- whole days by which a day lies outside a span; a span with one end is that day; NULL without any
CREATE MACRO days_outside(day, low, high) AS
  CASE WHEN low IS NULL AND high IS NULL THEN NULL
       ELSE greatest(0, CAST(COALESCE(low, high) AS DATE) - CAST(day AS DATE),
                        CAST(day AS DATE) - CAST(COALESCE(high, low) AS DATE)) END;

-- TEXT AND IDENTIFIERS

-- text without blanks around it (also no-break and full-width ones); nothing left is NULL
CREATE MACRO stripped(t) AS
  NULLIF(trim(t, concat(' ', chr(9), chr(10), chr(11), chr(12), chr(13), chr(160), chr(12288), chr(65279))), '');

-- the same, looking closely only where there may be such a blank
CREATE MACRO cleaned(t) AS
  CASE WHEN t < '!' OR t[-1] < '!'
         OR strlen(t) <> length(t) AND (contains(t, chr(160)) OR contains(t, chr(12288)) OR contains(t, chr(65279)))
       THEN stripped(t) ELSE t END;

-- an identifier: composed (NFC), without format characters and outer blanks; only what is not plain is looked at
CREATE MACRO identifier_of(t) AS
  CASE WHEN strlen(t) <> length(t)
         AND regexp_matches(t, '[\p{M}\p{Cf}\x{1100}-\x{11FF}\x{2000}-\x{2FFF}\x{F900}-\x{FAFF}]')
       THEN stripped(nfc_normalize(regexp_replace(t, '\p{Cf}', '', 'g'))) ELSE cleaned(t) END;

-- full-width letters, digits and signs as plain ones, and no difference of case
CREATE MACRO folded(t) AS
  lower(CASE WHEN strlen(t) = length(t) THEN t ELSE translate(t,
    'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９！＂＃＄％＆＇（）＊＋，－．／：；＜＝＞？＠［＼］＾＿｀｛｜｝～　',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~ ') END);

-- the same also without punctuation, blanks and leading zeros: what is nearly equal
CREATE MACRO nearly(t) AS
  regexp_replace(regexp_replace(folded(t), '[^\p{L}\p{N}\p{M}]', '', 'g'), '^0+([0-9]+)$', '\1');

-- whether a cell says yes, or when: neither empty nor a word or number for no
CREATE MACRO says_yes(t) AS
  COALESCE(NOT regexp_full_match(lower(cleaned(t)),
    '[-0., ]+|0+([.,]0+)?|no|n|false|f|none|null|n/a|na|nan|nein|non|não|nao|否|无|未|没有|不|未(支付|付款|付|退款|取消)|unpaid|pending|not paid|not refunded|not cancell?ed|awaiting payment|等待.*'), FALSE);

-- full-width digits, signs and blanks as plain ones
CREATE MACRO half_width(t) AS
  translate(t, concat('０１２３４５６７８９．，：－＋−（）／￥＄　', chr(160), chr(8239)), '0123456789.,:-+-()/¥$   ');

-- an identifier that a floating-point column holds: 17850.0 is the customer 17850, NaN is none
CREATE MACRO id_of_double(x) AS
  CASE WHEN isfinite(x) AND x = trunc(x) AND abs(x) < 9007199254740992
       THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
       WHEN isfinite(x) THEN CAST(x AS VARCHAR) END;

-- whether an order id is a prefix and digits
CREATE MACRO fits(t, pattern) AS pattern <> '' AND regexp_full_match(t, pattern);
CREATE MACRO has_prefix(id, mark) AS
  CASE WHEN mark <> '' AND prefix(id, mark)
       THEN regexp_matches(substr(id, length(mark) + 1), '^[-_ ]?[0-9]') ELSE FALSE END;

-- AMOUNTS

-- decimal currency to whole minor units, half to even; NULL at 9e15 minor units and beyond
CREATE MACRO minor_of_decimal(d, unit) AS
  CASE WHEN abs(round_even(CAST(d AS DECIMAL(28, 6)) * CAST(unit AS DECIMAL(9, 0)), 0)) < 9000000000000000
       THEN CAST(round_even(CAST(d AS DECIMAL(28, 6)) * CAST(unit AS DECIMAL(9, 0)), 0) AS BIGINT) END;

-- whether x is the double nearest to m / unit for a whole m with |m| < 1e15. Then m / unit has at most 15
-- digits, so it is the shortest text of x; and any text that x was read from differs from it by less than
-- half a unit in the sixteenth digit, so that it too rounds to m.
CREATE MACRO is_whole(x, unit) AS abs(x * unit) < 1e15 AND round_even(x * unit, 0) / unit = x;

-- a double's shortest decimal text as DECIMAL(28, 6)
CREATE MACRO decimal_of_double(x) AS TRY_CAST(CAST(x AS VARCHAR) AS DECIMAL(28, 6));

-- text that reads as a number without looking closely: digits, a sign, a decimal point where it is known to be
-- the decimal sign
CREATE MACRO simple_double(t, sign) AS
  CASE WHEN NOT contains(t, '_') AND (sign = '.' OR NOT contains(t, '.')) THEN TRY_CAST(t AS DOUBLE) END;

-- Any other text as the number it means, in three steps. A currency's sign or code before or behind goes;
-- brackets or a sign behind mean negative; the decimal sign is a point or a comma, and the other one, blanks or
-- apostrophes may group thousands. NULL where no number can be meant.
CREATE MACRO currency_sign() AS
  'US\$|HK\$|NT\$|CA\$|AU\$|NZ\$|MX\$|SG\$|R\$|A\$|C\$|S\$|CN¥|JP¥|\p{Sc}|USD|CNY|RMB|EUR|GBP|JPY|HKD|TWD|KRW|SGD|AUD|CAD|NZD|CHF|INR|BRL|PLN|CZK|SEK|NOK|DKK|IDR|MYR|MXN|RUB|TRY|THB|VND|PHP|ZAR|HUF|RON|BGN|UAH|ILS|AED|SAR|ARS|CLP|COP|PEN|NGN|EGP|PKR|zł|Kč|kr\.?|Rp\.?|Rs\.?|RM|Ft|lei|лв\.?|руб\.?|TL|Fr\.|SFr\.?|S/\.?|원|元整?|圆整?|円|人民币|美元|欧元|港币|港元|日元|英镑|韩元|卢布|泰铢|euros?|dollars';
CREATE MACRO without_currency(t) AS
  trim(regexp_replace(regexp_replace(half_width(t),
    concat('^([-+(]?)\s*(', currency_sign(), ')\s*'), '\1'),
    concat('\s*(', currency_sign(), ')\s*([-+)]?)$'), '\2'));
-- what a unit behind a number multiplies it by, and the number without it: 1.2万 is 12,000
CREATE MACRO scale_of(t) AS
  CASE WHEN regexp_matches(t, '[0-9]\s*万[-)]?$') THEN 10000 WHEN regexp_matches(t, '[0-9]\s*亿[-)]?$') THEN 100000000
       WHEN regexp_matches(t, '[0-9]\s*百万[-)]?$') THEN 1000000 WHEN regexp_matches(t, '[0-9]\s*千万[-)]?$') THEN 10000000
       WHEN regexp_matches(t, '[0-9]\s*千[-)]?$') THEN 1000 ELSE 1 END;
CREATE MACRO without_scale(t) AS regexp_replace(t, '([0-9])\s*(百万|千万|万|亿|千)([-)]?)$', '\1\3');
CREATE MACRO signed(t) AS
  CASE WHEN regexp_matches(t, '^\(.*\)$') THEN concat('-', trim(substr(t, 2, length(t) - 2)))
       WHEN regexp_matches(t, '^[^-+]*[-+]$') THEN concat(right(t, 1), trim(left(t, length(t) - 1)))
       ELSE regexp_replace(t, '^([-+])\s+', '\1') END;
CREATE MACRO plain_number(t, sign) AS
  CASE WHEN sign = ',' AND regexp_matches(t, '^[-+]?(\d{1,3}([. ''’]\d{3})+|\d+)(,\d*)?$')
       THEN replace(regexp_replace(t, '[. ''’]', '', 'g'), ',', '.')
       WHEN sign <> ',' AND regexp_matches(t, '^[-+]?(\d{1,3}(([, ''’]\d{3})+|(,\d{2})+,\d{3})|\d+)(\.\d*)?$')
       THEN regexp_replace(t, '[, ''’]', '', 'g')
       WHEN regexp_matches(t, '^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$') THEN t
       WHEN sign <> ',' AND regexp_matches(t, '^[-+]?\.\d+$') THEN t
       WHEN sign = ',' AND regexp_matches(t, '^[-+]?,\d+$') THEN replace(t, ',', '.') END;

-- quantity times price as an exact decimal; NULL where it is too large
CREATE MACRO product_of(quantity, price) AS
  CASE WHEN abs(CAST(quantity AS DOUBLE)) < 1e12 AND abs(CAST(price AS DOUBLE)) < 1e12
       THEN CAST(quantity AS DECIMAL(18, 6)) * CAST(price AS DECIMAL(18, 6)) END;

-- such a product to whole minor units, rounded half to even once; NULL where it is too large
CREATE MACRO minor_of_product(d, digits) AS
  CASE WHEN abs(CAST(d AS DOUBLE)) < 8e15 / pow(10, digits)
       THEN CAST(round_even(d, digits) * CAST(pow(10, digits) AS INTEGER) AS BIGINT) END;

-- an amount in another currency times its rate, likewise
CREATE MACRO rated(d, rate) AS
  CASE WHEN abs(CAST(d AS DOUBLE)) < 1e12 AND abs(CAST(d AS DOUBLE) * CAST(rate AS DOUBLE)) < 1e16
       THEN CAST(d AS DECIMAL(19, 6)) * CAST(rate AS DECIMAL(19, 12)) END;

-- MOMENTS

-- a whole month, as its last day
CREATE MACRO month_end(y, m) AS
  CAST(last_day(TRY_CAST(concat(y, '-', m, '-1') AS DATE)) AS TIMESTAMP);

-- a number as a moment: eight digits are a date, six a month, seconds or milliseconds since 1970 in UTC, 20000 to 80000 an Excel serial (days since 1899-12-30)
CREATE MACRO moment_of_number(x) AS
  CASE WHEN x BETWEEN 19000101 AND 21001231 AND x = trunc(x)
       THEN try_strptime(CAST(CAST(x AS BIGINT) AS VARCHAR), '%Y%m%d')
       WHEN x BETWEEN 190001 AND 210012 AND x = trunc(x) THEN month_end(CAST(x AS BIGINT) // 100, CAST(x AS BIGINT) % 100)
       WHEN x BETWEEN 20000 AND 80000
       THEN TIMESTAMP '1899-12-30' + to_seconds(CAST(round(CAST(x AS DOUBLE) * 86400) AS BIGINT)) END;
CREATE MACRO unix_moment(x, zone) AS
  timezone(CASE WHEN zone = '' THEN 'UTC' ELSE zone END,
           CASE WHEN x BETWEEN 631152000 AND 4102444799 THEN to_timestamp(CAST(x AS DOUBLE))
                WHEN x BETWEEN 631152000000 AND 4102444799999 THEN to_timestamp(CAST(x AS DOUBLE) / 1000) END);

-- a moment written plainly: 2017-01-31, with or without a time, a blank or T between; else NULL
CREATE MACRO plain_moment(t) AS
  CASE WHEN strlen(t) = 19 THEN CASE WHEN substr(t, 17, 1) = ':' THEN TRY_CAST(t AS TIMESTAMP) END
       WHEN strlen(t) = 10 THEN TRY_CAST(t AS TIMESTAMP)
       WHEN strlen(t) = 16 AND substr(t, 14, 1) = ':' THEN TRY_CAST(t AS TIMESTAMP) END;

-- The parts of a date written otherwise: the year first (2017.1.31, 2017年1月31日), or last (31/1/2017).
CREATE MACRO year_first(t) AS
  regexp_extract(t, '^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:$|日\s*|[T\s]+)(.*)$',
                 ['y', 'm', 'd', 'clock']);
CREATE MACRO year_last(t) AS
  regexp_extract(t, '^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?:$|[T\s,]+)(.*)$',
                 ['a', 'b', 'y', 'clock']);

-- A date without the name of its day, and zones by their letters as offsets. In French and Spanish, mar is a
-- Tuesday before a day and its month, and else March.
CREATE MACRO without_weekday(t) AS
  CASE WHEN regexp_matches(t, '\p{L}') THEN
    trim(regexp_replace(regexp_replace(regexp_replace(t, '(?i)^mar[.,]*\s+(\d{1,2}(?:[-/.]\d|[.\s]\s*(?:de\s+)?\p{L}))', '\1'),
      '(?i)^\(?(monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|miercoles|jueves|viernes|sábado|sabado|domingo|(segunda|terça|terca|quarta|quinta|sexta)([- ]feira)?|mon|tues?|wed|thurs?|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|sab|dim|dom|seg|ter|qua|qui|sex)\)?[.,]*[,\s]+', ''),
      '\s*[(（]?(星期|周|礼拜)[一二三四五六日天][)）]?\s*', ' '))
  ELSE t END;
CREATE MACRO zones() AS
  ';PST  -08:00;PDT  -07:00;MST  -07:00;MDT  -06:00;CST  -06:00;CDT  -05:00;EST  -05:00;EDT  -04:00;GMT  +00:00;UTC  +00:00;WET  +00:00;BST  +01:00;CET  +01:00;CEST +02:00;EET  +02:00;EEST +03:00;MSK  +03:00;IST  +05:30;JST  +09:00;KST  +09:00;AEST +10:00;AEDT +11:00;BRT  -03:00';
CREATE MACRO offset_of(zone) AS
  CASE WHEN zone <> '' AND strpos(zones(), concat(';', rpad(upper(zone), 5, ' '))) > 0
       THEN substr(zones(), strpos(zones(), concat(';', rpad(upper(zone), 5, ' '))) + 6, 6) END;

-- The parts of a date with the name of a month: 3. Januar 2025, 3 de enero de 2025, Dec 24, 2021.
CREATE MACRO day_then_word(t) AS
  regexp_extract(t, '(?i)^(?:le\s+)?(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s\-/]*(?:de\s+|of\s+)?(\p{L}+)\.?,?[\s\-/]*(?:del?\s+)?(\d{4}|\d{2})(?:$|[,\s:]+(?:at\s+|um\s+|à\s+|a\s+las\s+|às\s+)?)(.*)$',
                 ['d', 'm', 'y', 'clock']);
CREATE MACRO word_then_day(t) AS
  regexp_extract(t, '(?i)^(\p{L}+)\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?[,\s\-/]+(\d{4})(?:$|[,\s]+(?:at\s+)?)(.*)$',
                 ['m', 'd', 'y', 'clock']);
CREATE MACRO month_by_name(w) AS
  CASE WHEN length(w) BETWEEN 3 AND 10 THEN
    CASE left(lower(w), 3) WHEN 'jan' THEN 1 WHEN 'ene' THEN 1 WHEN 'jän' THEN 1 WHEN 'feb' THEN 2 WHEN 'fev' THEN 2
      WHEN 'fév' THEN 2 WHEN 'mar' THEN 3 WHEN 'mär' THEN 3 WHEN 'mrz' THEN 3 WHEN 'mae' THEN 3 WHEN 'apr' THEN 4
      WHEN 'avr' THEN 4 WHEN 'abr' THEN 4 WHEN 'may' THEN 5 WHEN 'mai' THEN 5 WHEN 'jun' THEN 6 WHEN 'jul' THEN 7
      WHEN 'jui' THEN CASE WHEN lower(w) LIKE 'juil%' THEN 7 ELSE 6 END WHEN 'aug' THEN 8 WHEN 'aoû' THEN 8
      WHEN 'aou' THEN 8 WHEN 'ago' THEN 8 WHEN 'sep' THEN 9 WHEN 'set' THEN 9 WHEN 'oct' THEN 10 WHEN 'okt' THEN 10
      WHEN 'out' THEN 10 WHEN 'nov' THEN 11 WHEN 'dec' THEN 12 WHEN 'dez' THEN 12 WHEN 'dic' THEN 12 WHEN 'déc' THEN 12
    END END;

-- a month alone: 2026-01, 2026/1, 2026年1月, 202601, 01/2026, Jan 2026; its last day
CREATE MACRO month_alone(t) AS
  CASE WHEN regexp_matches(t, '^(19|20)\d\d(\s*[-/.年]\s*)(0?[1-9]|1[0-2])\s*月?(份)?$')
       THEN month_end(left(t, 4), regexp_extract(t, '(\d{1,2})\s*月?(份)?$', 1))
       WHEN regexp_matches(t, '^(19|20)\d\d(0[1-9]|1[0-2])$') THEN month_end(left(t, 4), right(t, 2))
       WHEN regexp_matches(t, '^(0?[1-9]|1[0-2])\s*[-/.]\s*(19|20)\d\d$')
       THEN month_end(right(t, 4), regexp_extract(t, '^(\d{1,2})', 1))
       WHEN regexp_matches(t, '^\p{L}+\.?([-\s/]|\s+de\s+)\s*(19|20)\d\d$')
       THEN month_end(right(t, 4), month_by_name(t)) END;

-- The time of day in such a text: 8:26, 08:26:30.5, 8时26分, before or after AM, PM, 上午, 下午; with a zone.
CREATE MACRO clock_of(t) AS
  regexp_extract(t, '(?i)^(上午|下午|[ap]\.?m\.?)?\s*(\d{1,2})[:时点.](\d{1,2})?[:分.]?(\d{1,2}(?:[.,]\d+)?)?秒?\s*(上午|下午|[ap]\.?m\.?)?\s*(z|[-+]\d{2}:?(?:\d{2})?)?$',
                 ['before', 'h', 'm', 's', 'behind', 'zone']);
CREATE MACRO seconds_of(half, h, m, s) AS
  CASE WHEN h > 23 OR m > 59 OR s >= 60 THEN NULL
       ELSE (CASE WHEN half IN ('下午', 'p') THEN h % 12 + 12 WHEN half IN ('上午', 'a') THEN h % 12 ELSE h END)
            * 3600 + m * 60 + s END;
CREATE MACRO moment_of_parts(y, m, d, seconds) AS
  TRY_CAST(concat(CASE WHEN length(y) = 2 THEN CASE WHEN y < '70' THEN '20' ELSE '19' END ELSE '' END,
                  y, '-', m, '-', d) AS TIMESTAMP) + to_microseconds(CAST(round(1e6 * seconds) AS BIGINT));
-- a moment with a zone's offset: in the given zone, or as written where none is given
CREATE MACRO in_zone(moment, shift, zone) AS
  CASE WHEN zone = '' OR shift = '' THEN moment
       ELSE timezone(zone, TRY_CAST(concat(CAST(moment AS VARCHAR), CASE WHEN lower(shift) = 'z' THEN '+00'
              WHEN length(shift) = 5 THEN concat(left(shift, 3), ':', right(shift, 2)) ELSE shift END)
            AS TIMESTAMPTZ)) END;

-- what is left: digits only, or with the name of a month
CREATE MACRO rare_moment(t, zone) AS
  COALESCE(month_alone(t), CASE WHEN regexp_matches(t, '^\d{8}$') THEN try_strptime(t, '%Y%m%d')
       WHEN regexp_matches(t, '^\d{14}$') THEN try_strptime(t, '%Y%m%d%H%M%S')
       WHEN regexp_matches(t, '^\d{9,10}(\.\d+)?$|^\d{12,13}(\.0+)?$') THEN unix_moment(TRY_CAST(t AS DOUBLE), zone)
       WHEN regexp_matches(t, '^\d{5}(\.\d+)?$') THEN moment_of_number(TRY_CAST(t AS DOUBLE))
       WHEN regexp_matches(t, '\d.*[A-Za-z]{3}.*\d|^[A-Za-z]{3}.*\d')
       THEN try_strptime(t, ['%d-%b-%y', '%d %b %y', '%d-%b-%Y', '%d %b %Y', '%d/%b/%Y', '%b %d, %Y', '%b %d %Y',
                             '%d %B %Y', '%B %d, %Y', '%d-%b-%y %H:%M:%S', '%d-%b-%Y %H:%M:%S', '%d %b %Y %H:%M', '%d %b %Y %H:%M:%S',
                             '%b %d, %Y %H:%M', '%a, %d %b %Y %H:%M:%S', '%b %d %H:%M:%S %Y', '%a %b %d %H:%M:%S %Y']) END);
