-- ds_sentiment: How posts sound: each post once.
-- day: Day in the analysts' time zone (report_timezone)
-- language: Language tag; NULL where unknown
-- sentiment: positive, neutral or negative; NULL where no lexicon knows a word of the text
-- posts: Posts that matched a rule, edited ones once
-- scored_posts: Posts among them with a sentiment
-- sentiment_sum: Sum of their sentiments; divided by the sum of scored_posts it is the mean of any selection
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_sentiment AS
SELECT
    day, NULLIF(language, '') AS language, NULLIF(sentiment, '') AS sentiment,
    CAST(SUM(posts) AS SIGNED) AS posts, CAST(SUM(scored) AS SIGNED) AS scored_posts, SUM(sentiment_sum) AS sentiment_sum
FROM rollup_posts_day
GROUP BY day, language, sentiment
