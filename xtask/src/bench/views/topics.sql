SELECT DATE(t.created_at - INTERVAL 3 HOUR) AS day, o.topic, e.language, COUNT(*) AS posts, SUM(e.sentiment)
FROM tweets AS t
JOIN (SELECT DISTINCT tweet_id FROM tweet_rules) AS m ON m.tweet_id = t.id
JOIN tweet_enrichment AS e ON e.tweet_id = t.id
JOIN tweet_topics AS o ON o.tweet_id = t.id
GROUP BY day, o.topic, e.language
