-- Posts of an hour that count: matched by any rule, and not edited into a stored one that matched, too.
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
