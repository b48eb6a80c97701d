-- Each post once a host, however many links it has there.
INSERT INTO rollup_domains_hour (hour, local_hour, domain, posts)
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
SELECT ?, ?, u.domain, COUNT(DISTINCT c.tweet_id)
FROM counted AS c
JOIN tweet_urls AS u ON u.tweet_id = c.tweet_id
WHERE u.domain IS NOT NULL
GROUP BY u.domain
