-- Each post once a rule, an edited one with its latest text that matched the same rule.
INSERT INTO rollup_rules_hour (hour, local_hour, rule, posts)
WITH matched AS (
    SELECT DISTINCT tweet_id, rule FROM tweet_rules WHERE tweet_id >= ? AND tweet_id < ?
),
superseded AS (
    SELECT DISTINCT old.tweet_id, matched_later.rule
    FROM tweet_edits AS old
    JOIN tweet_edits AS later ON later.first_id = old.first_id AND later.tweet_id > old.tweet_id
    JOIN tweet_rules AS matched_later ON matched_later.tweet_id = later.tweet_id
    JOIN tweet_enrichment AS known ON known.tweet_id = later.tweet_id
    WHERE old.first_id >= ? AND old.first_id < ?
)
SELECT ?, ?, m.rule, COUNT(*)
FROM matched AS m
JOIN tweet_enrichment AS e ON e.tweet_id = m.tweet_id
LEFT JOIN superseded AS s ON s.tweet_id = m.tweet_id AND s.rule = m.rule
WHERE s.tweet_id IS NULL
GROUP BY m.rule
