-- Each post once a topic.
INSERT INTO rollup_topics_hour (hour, local_hour, topic, language, posts, scored, sentiment_sum)
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
    ?, ?, t.topic, COALESCE(e.language, ''), COUNT(*), COUNT(e.sentiment), COALESCE(SUM(e.sentiment), 0)
FROM counted AS c
JOIN tweet_topics AS t ON t.tweet_id = c.tweet_id
JOIN tweet_enrichment AS e ON e.tweet_id = c.tweet_id
GROUP BY t.topic, COALESCE(e.language, '')
