INSERT INTO rollup_topics_day (day, topic, language, posts, scored, sentiment_sum)
SELECT ?, topic, language, SUM(posts), SUM(scored), SUM(sentiment_sum)
FROM rollup_topics_hour
WHERE hour >= ? AND hour < ?
GROUP BY topic, language
