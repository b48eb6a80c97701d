-- Stored texts whose enrichment is of an older version, or missing; with the place as it is known by now.
SELECT
    t.id, t.text, t.lang, t.replied_to_id, t.quoted_id, t.retweeted_id, t.content_version,
    p.id AS place_id, p.full_name, p.name, p.country, p.country_code, p.place_type, p.west, p.south, p.east, p.north
FROM tweets AS t
LEFT JOIN tweet_enrichment AS e ON e.tweet_id = t.id
LEFT JOIN places AS p ON p.id = t.place_id
WHERE t.id >= ? AND t.text IS NOT NULL AND COALESCE(e.enrichment_version, 0) < ?
ORDER BY t.id
LIMIT 500
