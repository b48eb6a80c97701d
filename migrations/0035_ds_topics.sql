-- ds_topics: What posts are about: a post on two topics counts for both, so sum within one topic only.
-- day: Day in the analysts' time zone (report_timezone)
-- topic: Topic of the taxonomy
-- language: Language tag; NULL where unknown
-- posts: Posts that matched a rule, edited ones once
-- scored_posts: Posts among them with a sentiment
-- sentiment_sum: Sum of their sentiments; divided by the sum of scored_posts it is the mean of any selection
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_topics AS
SELECT
    day, topic, NULLIF(language, '') AS language, posts, scored AS scored_posts, sentiment_sum
FROM rollup_topics_day
