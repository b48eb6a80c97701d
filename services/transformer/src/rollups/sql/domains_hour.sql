-- Each post once a host, however many links it has there.
INSERT INTO rollup_domains_hour (hour, local_hour, domain, posts)
/*counted*/
SELECT ?, ?, u.domain, COUNT(DISTINCT c.tweet_id)
FROM counted AS c
JOIN tweet_urls AS u ON u.tweet_id = c.tweet_id
WHERE u.domain IS NOT NULL
GROUP BY u.domain
