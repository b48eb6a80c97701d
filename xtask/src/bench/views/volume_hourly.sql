SELECT DATE_FORMAT(t.created_at - INTERVAL 3 HOUR, '%Y-%m-%d %H') AS local_hour, e.language, COUNT(*) AS posts
FROM tweets AS t
JOIN (SELECT DISTINCT tweet_id FROM tweet_rules) AS m ON m.tweet_id = t.id
JOIN tweet_enrichment AS e ON e.tweet_id = t.id
WHERE t.created_at > (SELECT MAX(created_at) FROM tweets) - INTERVAL 31 DAY
GROUP BY local_hour, e.language
