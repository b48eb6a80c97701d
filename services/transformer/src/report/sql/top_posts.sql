-- The most engaged of the period: each day's fifty hold them.
SELECT
    post_id, posted_at, sentiment, post_text, likes, reposts, replies, quotes, engagement,
    CAST(age_hours AS DOUBLE) AS age_hours, url
FROM ds_top_posts
WHERE day BETWEEN ? AND ?
ORDER BY engagement DESC, post_id
LIMIT 10
