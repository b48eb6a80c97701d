-- Posts by day and sentiment; sentiment_sum over scored_posts is the mean.
SELECT
    day, sentiment, CAST(SUM(posts) AS SIGNED) AS posts, CAST(SUM(scored_posts) AS SIGNED) AS scored,
    CAST(SUM(sentiment_sum) AS DOUBLE) AS sentiment_sum
FROM ds_sentiment
WHERE day BETWEEN ? AND ?
GROUP BY day, sentiment
ORDER BY day, sentiment
