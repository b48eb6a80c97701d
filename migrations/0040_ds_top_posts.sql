-- ds_top_posts: The 50 most engaged posts of each day, with the figures last seen and how old the post was then.
-- day: Day in the analysts' time zone (report_timezone)
-- post_id: Post id, as text: it has more digits than a spreadsheet keeps
-- posted_at: When it was posted, UTC
-- language: Language tag; NULL where unknown
-- sentiment: positive, neutral or negative; NULL where unknown
-- post_text: Full text
-- likes: Likes when observed
-- reposts: Reposts when observed
-- replies: Replies when observed
-- quotes: Quotes when observed
-- engagement: All four together
-- observed_at: When the figures were observed, UTC
-- age_hours: Age of the post when they were: figures of young posts are still growing
-- url: Address of the post
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_top_posts AS
SELECT
    r.day, CAST(r.tweet_id AS CHAR) AS post_id, t.created_at AS posted_at, e.language AS language,
    e.sentiment_label AS sentiment, t.text AS post_text, t.like_count AS likes, t.retweet_count AS reposts,
    t.reply_count AS replies, t.quote_count AS quotes, r.engagement, t.metrics_observed_at AS observed_at,
    ROUND(TIMESTAMPDIFF(SECOND, t.created_at, t.metrics_observed_at) / 3600, 1) AS age_hours,
    CONCAT('https://x.com/i/status/', r.tweet_id) AS url
FROM rollup_engaged_day AS r
JOIN tweets AS t ON t.id = r.tweet_id
JOIN tweet_enrichment AS e ON e.tweet_id = r.tweet_id
