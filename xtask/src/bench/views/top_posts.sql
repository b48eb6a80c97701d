SELECT day, id, engagement
FROM (
    SELECT
        DATE(t.created_at - INTERVAL 3 HOUR) AS day, t.id, COALESCE(t.like_count, 0) + COALESCE(t.retweet_count, 0) AS engagement,
        ROW_NUMBER() OVER (
            PARTITION BY DATE(t.created_at - INTERVAL 3 HOUR)
            ORDER BY COALESCE(t.like_count, 0) + COALESCE(t.retweet_count, 0) DESC, t.id
        ) AS place
    FROM tweets AS t
    JOIN (SELECT DISTINCT tweet_id FROM tweet_rules) AS m ON m.tweet_id = t.id
) AS ranked
WHERE place <= 50
