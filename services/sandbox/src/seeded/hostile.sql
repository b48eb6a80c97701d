-- Markup, a right-to-left text, joined emoji, four-byte letters, controls of direction, and 25,000 characters.
CREATE TEMPORARY TABLE seeded_posts (id BIGINT PRIMARY KEY, likes INT, text MEDIUMTEXT)
SELECT 1992000000000000101 AS id, 90001 AS likes, CAST('</style></title><script>document.title="hacked";fetch("https://evil.example/")</script><img src=x onerror=alert(1)> & "aspas"' AS CHAR) AS text
UNION ALL SELECT 1992000000000000102, 90002, 'ابقوا في بيوتكم 🏠 واغسلوا أيديكم #كورونا'
UNION ALL SELECT
    1992000000000000103, 90003,
    CONCAT('👩‍⚕️👨‍👩‍👧‍👦🏳️‍🌈 𝓺𝓾𝓪𝓻𝓮𝓷𝓽𝓮𝓷𝓪 👍🏽 e', _utf8mb4 0xCC81, ' ', _utf8mb4 0xE280AE, 'esrever', _utf8mb4 0xE280AC, ' fim')
UNION ALL SELECT 1992000000000000104, 90004, REPEAT('quarentena🦠 ', 2083);

INSERT INTO tweets (id, created_at, text, like_count, retweet_count, reply_count, quote_count, metrics_observed_at, content_version, metrics_version)
SELECT id, UTC_TIMESTAMP() - INTERVAL 30 HOUR, text, likes, 0, 0, 0, UTC_TIMESTAMP(), UNHEX(REPEAT('0', 32)), UNHEX(REPEAT('0', 32)) FROM seeded_posts;

INSERT INTO tweet_enrichment (tweet_id, kind, language_detected, enrichment_version) SELECT id, 'post', FALSE, 1 FROM seeded_posts;

INSERT INTO rollup_engaged_day (day, tweet_id, engagement) SELECT DATE(UTC_TIMESTAMP() - INTERVAL 33 HOUR), id, likes FROM seeded_posts;

INSERT INTO rollup_hashtags_day (day, hashtag, posts)
SELECT DATE(UTC_TIMESTAMP() - INTERVAL 33 HOUR), tag, 100000
FROM (SELECT '<script>alert(2)</script>' AS tag UNION ALL SELECT 'كورونا' UNION ALL SELECT REPEAT('a', 500)) AS tags;

INSERT INTO rollup_domains_day (day, domain, posts)
VALUES (DATE(UTC_TIMESTAMP() - INTERVAL 33 HOUR), '"><script>alert(3)</script>.example', 100000);

DROP TEMPORARY TABLE seeded_posts
