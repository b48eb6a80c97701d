-- ds_states: Where posts are tagged, if they are: each post once, posts without a place left out.
-- day: Day in the analysts' time zone (report_timezone)
-- country_code: ISO 3166-1 alpha-2
-- state: Brazilian state, two letters; NULL elsewhere or where unknown
-- region_code: ISO 3166-2 of the Brazilian state, for maps; NULL elsewhere or where unknown
-- posts: Posts that matched a rule, edited ones once
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_states AS
SELECT
    day, country_code, NULLIF(state, '') AS state, IF(state = '', NULL, CONCAT('BR-', state)) AS region_code,
    CAST(SUM(posts) AS SIGNED) AS posts
FROM rollup_posts_day
WHERE country_code <> ''
GROUP BY day, country_code, state
