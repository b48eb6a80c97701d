-- Hours that hold matched posts, and those that held some once. Ids hold the milliseconds since 1288834974657.
INSERT INTO rollup_marks (hour, batch_id)
SELECT hour, ''
FROM (
    SELECT DISTINCT
        TIMESTAMPADD(HOUR, ((tweet_id >> 22) + 1288834974657) DIV 3600000, CAST('1970-01-01' AS DATETIME(3))) AS hour
    FROM tweet_rules
    WHERE tweet_id >= ?
    UNION
    SELECT DISTINCT hour FROM rollup_posts_hour WHERE hour >= ?
) AS hours
