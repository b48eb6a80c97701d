-- Posts by topic; a post on two counts for both, so they are never added up.
SELECT
    topic, CAST(SUM(posts) AS SIGNED) AS posts, CAST(SUM(scored_posts) AS SIGNED) AS scored,
    CAST(SUM(sentiment_sum) AS DOUBLE) AS sentiment_sum
FROM ds_topics
WHERE day BETWEEN ? AND ?
GROUP BY topic
ORDER BY posts DESC, topic
