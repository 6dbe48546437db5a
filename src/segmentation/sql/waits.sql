-- How many of those customers waited how many days, of all whose second order day lies in a month up to :as_of.
SELECT wait, COUNT(*) AS customers FROM second_order WHERE second_month <= :as_of GROUP BY wait ORDER BY wait
