-- Each post once a topic.
INSERT INTO rollup_topics_hour (hour, local_hour, topic, language, posts, scored, sentiment_sum)
/*counted*/
SELECT
    ?, ?, t.topic, COALESCE(e.language, ''), COUNT(*), COUNT(e.sentiment), COALESCE(SUM(e.sentiment), 0)
FROM counted AS c
JOIN tweet_topics AS t ON t.tweet_id = c.tweet_id
JOIN tweet_enrichment AS e ON e.tweet_id = c.tweet_id
GROUP BY t.topic, COALESCE(e.language, '')
