-- ds_hashtags: Hashtags: a post with two counts for both, so sum within one hashtag only.
-- day: Day in the analysts' time zone (report_timezone)
-- hashtag: Without #, case and accents
-- posts: Posts that matched a rule, edited ones once
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_hashtags AS
SELECT day, hashtag, posts
FROM rollup_hashtags_day
