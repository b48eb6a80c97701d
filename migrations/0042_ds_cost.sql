-- ds_cost: What the collection costs.
-- day_utc: UTC day of the answer, as X bills
-- rule: Name of the rule
-- usd: US dollars
-- billed_posts: Posts priced
-- billed_users: Users priced
-- refetched_usd: Part of it that may have been billed before, after a death
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_cost AS
SELECT
    day AS day_utc, rule, SUM(cost_usd_micros) / 1000000 AS usd, CAST(SUM(billed_posts) AS SIGNED) AS billed_posts,
    CAST(SUM(billed_users) AS SIGNED) AS billed_users, SUM(IF(refetched, cost_usd_micros, 0)) / 1000000 AS refetched_usd
FROM spending
GROUP BY day, rule
