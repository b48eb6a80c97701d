SELECT DATE(t.created_at - INTERVAL 3 HOUR) AS day, r.rule, COUNT(DISTINCT t.id) AS posts
FROM tweets AS t
JOIN tweet_rules AS r ON r.tweet_id = t.id
GROUP BY day, r.rule
