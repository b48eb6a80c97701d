-- Of equals the older post; the 50 of a day are among those of its hours.
INSERT INTO rollup_engaged_hour (hour, local_hour, tweet_id, engagement)
/*counted*/
SELECT
    ?, ?, c.tweet_id,
    COALESCE(t.like_count, 0) + COALESCE(t.retweet_count, 0) + COALESCE(t.reply_count, 0) + COALESCE(t.quote_count, 0)
        AS engagement
FROM counted AS c
JOIN tweets AS t ON t.id = c.tweet_id
WHERE t.metrics_observed_at IS NOT NULL AND t.text IS NOT NULL
ORDER BY engagement DESC, c.tweet_id
LIMIT 50
