-- Of the customers who ordered in the :gap months before the last :gap months up to a month, how many ordered nothing
-- in these, and what they had brought; and who was new or came back. One row. Money in minor units.
SELECT
  CAST(SUM(CASE WHEN before_orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS active_before,
  CAST(SUM(CASE WHEN before_orders > 0 AND now_orders <= 0 THEN 1 ELSE 0 END) AS BIGINT) AS fell_silent,
  CAST(SUM(CASE WHEN before_orders > 0 AND now_orders <= 0 THEN before_minor ELSE 0 END) AS BIGINT) AS had_brought,
  CAST(SUM(CASE WHEN before_orders > 0 THEN before_minor ELSE 0 END) AS BIGINT) AS before_value,
  CAST(SUM(CASE WHEN before_orders > 0 THEN now_minor ELSE 0 END) AS BIGINT) AS now_value,
  CAST(SUM(CASE WHEN now_orders > 0 AND before_orders <= 0 AND is_new THEN 1 ELSE 0 END) AS BIGINT) AS new,
  CAST(SUM(CASE WHEN now_orders > 0 AND before_orders <= 0 AND NOT is_new THEN 1 ELSE 0 END) AS BIGINT) AS returned
FROM (
  SELECT dated.customer, MIN(first_month) > :as_of - :gap AS is_new,
         SUM(CASE WHEN ago < :gap THEN orders ELSE 0 END) AS now_orders,
         SUM(CASE WHEN ago >= :gap THEN orders ELSE 0 END) AS before_orders,
         SUM(CASE WHEN ago < :gap THEN amount_minor ELSE 0 END) AS now_minor,
         SUM(CASE WHEN ago >= :gap THEN amount_minor ELSE 0 END) AS before_minor
  FROM (SELECT *, :as_of - month_number AS ago FROM coded
        WHERE month_number <= :as_of AND month_number > :as_of - 2 * :gap) AS dated
  JOIN firsts ON dated.customer = firsts.customer
  GROUP BY dated.customer
) AS each_customer
