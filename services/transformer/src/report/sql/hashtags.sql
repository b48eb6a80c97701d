SELECT hashtag AS name, CAST(SUM(posts) AS SIGNED) AS posts
FROM ds_hashtags
WHERE day BETWEEN ? AND ?
GROUP BY hashtag
ORDER BY posts DESC, hashtag
LIMIT 15
