INSERT INTO rollup_hashtags_day (day, hashtag, posts)
SELECT ?, hashtag, SUM(posts)
FROM rollup_hashtags_hour
WHERE hour >= ? AND hour < ?
GROUP BY hashtag
