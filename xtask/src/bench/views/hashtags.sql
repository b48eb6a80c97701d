SELECT DATE(t.created_at - INTERVAL 3 HOUR) AS day, h.tag_folded, COUNT(DISTINCT t.id) AS posts
FROM tweets AS t
JOIN (SELECT DISTINCT tweet_id FROM tweet_rules) AS m ON m.tweet_id = t.id
JOIN tweet_enrichment AS e ON e.tweet_id = t.id
JOIN tweet_hashtags AS h ON h.tweet_id = t.id
GROUP BY day, h.tag_folded
