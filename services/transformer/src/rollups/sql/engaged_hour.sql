-- Of equals the older post; the 50 of a day are among those of its hours.
INSERT INTO rollup_engaged_hour (hour, local_hour, tweet_id, engagement)
WITH matched AS (
    SELECT DISTINCT tweet_id FROM tweet_rules WHERE tweet_id >= ? AND tweet_id < ?
),
superseded AS (
    SELECT DISTINCT old.tweet_id
    FROM tweet_edits AS old
    JOIN tweet_edits AS later ON later.first_id = old.first_id AND later.tweet_id > old.tweet_id
    JOIN tweet_rules AS matched_later ON matched_later.tweet_id = later.tweet_id
    JOIN tweet_enrichment AS known ON known.tweet_id = later.tweet_id
    WHERE old.first_id >= ? AND old.first_id < ?
),
counted AS (
    SELECT m.tweet_id
    FROM matched AS m
    LEFT JOIN superseded AS s ON s.tweet_id = m.tweet_id
    WHERE s.tweet_id IS NULL
)
SELECT
    ?, ?, c.tweet_id,
    COALESCE(t.like_count, 0) + COALESCE(t.retweet_count, 0) + COALESCE(t.reply_count, 0) + COALESCE(t.quote_count, 0)
        AS engagement
FROM counted AS c
JOIN tweets AS t ON t.id = c.tweet_id
WHERE t.metrics_observed_at IS NOT NULL AND t.text IS NOT NULL
ORDER BY engagement DESC, c.tweet_id
LIMIT 50
