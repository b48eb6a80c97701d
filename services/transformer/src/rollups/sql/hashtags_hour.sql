-- Each post once a hashtag, however often it holds it.
INSERT INTO rollup_hashtags_hour (hour, local_hour, hashtag, posts)
/*counted*/
SELECT ?, ?, h.tag_folded, COUNT(DISTINCT c.tweet_id)
FROM counted AS c
JOIN tweet_hashtags AS h ON h.tweet_id = c.tweet_id
GROUP BY h.tag_folded
