-- ds_volume: How many posts there were: each post once, so that sums are true.
-- day: Day in the analysts' time zone (report_timezone)
-- language: Language tag; NULL where unknown
-- kind: retweet, quote, reply or post
-- posts: Posts that matched a rule, edited ones once
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_volume AS
SELECT day, NULLIF(language, '') AS language, kind, CAST(SUM(posts) AS SIGNED) AS posts
FROM rollup_posts_day
GROUP BY day, language, kind
