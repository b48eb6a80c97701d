INSERT INTO rollup_posts_day (day, language, kind, sentiment, country_code, state, posts, scored, sentiment_sum)
SELECT ?, language, kind, sentiment, country_code, state, SUM(posts), SUM(scored), SUM(sentiment_sum)
FROM rollup_posts_hour
WHERE hour >= ? AND hour < ?
GROUP BY language, kind, sentiment, country_code, state
