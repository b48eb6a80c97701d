-- ds_volume_hourly: How many posts there were in each of the latest 31 days' hours: each post once.
-- local_hour: Begin of the hour in the analysts' time zone
-- language: Language tag; NULL where unknown
-- posts: Posts that matched a rule, edited ones once
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_volume_hourly AS
SELECT local_hour, NULLIF(language, '') AS language, CAST(SUM(posts) AS SIGNED) AS posts
FROM rollup_posts_hour
WHERE hour > (SELECT MAX(hour) FROM rollup_posts_hour) - INTERVAL 31 DAY
GROUP BY hour, local_hour, language
