INSERT INTO rollup_engaged_day (day, tweet_id, engagement)
SELECT ?, tweet_id, engagement
FROM rollup_engaged_hour
WHERE hour >= ? AND hour < ?
ORDER BY engagement DESC, tweet_id
LIMIT 50
