-- Two weeks of hours up to now, in a time zone three hours behind UTC, with a daily wave, a wave of the week and a dip.
CREATE TEMPORARY TABLE seeded_hours (hour DATETIME(3) PRIMARY KEY, local_hour DATETIME(3), day DATE, wave DOUBLE)
WITH RECURSIVE h (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM h WHERE n < 335)
SELECT
    hour, hour - INTERVAL 3 HOUR AS local_hour, DATE(hour - INTERVAL 3 HOUR) AS day,
    (1.15 - COS((HOUR(hour) - 6) / 24 * 2 * PI()) * 0.9) * (1 + 0.35 * SIN(n / 168 * 2 * PI()))
    * (0.8 + (CRC32(hour) % 100) / 250) * IF(n BETWEEN 58 AND 63, 0.12, 1) AS wave
FROM (
    SELECT n, CAST(DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL n HOUR, '%Y-%m-%d %H:00:00') AS DATETIME(3)) AS hour FROM h
) AS hours;

INSERT INTO rollup_posts_hour (hour, local_hour, language, kind, sentiment, country_code, state, posts, scored, sentiment_sum)
SELECT hour, local_hour, language, kind, sentiment, '', '', posts, IF(sentiment = '', 0, posts), posts * score
FROM (
    SELECT
        hour, local_hour, language, kind, sentiment, score,
        ROUND(wave * weight * share * part * (0.7 + (CRC32(CONCAT(hour, language, kind, sentiment)) % 100) / 160)) AS posts
    FROM seeded_hours
    CROSS JOIN (
        SELECT 'pt' AS language, 74 AS weight UNION ALL SELECT 'en', 21 UNION ALL SELECT 'es', 9 UNION ALL SELECT '', 4
    ) AS languages
    CROSS JOIN (
        SELECT 'post' AS kind, 0.34 AS share UNION ALL SELECT 'retweet', 0.41 UNION ALL SELECT 'reply', 0.17
        UNION ALL SELECT 'quote', 0.08
    ) AS kinds
    CROSS JOIN (
        SELECT 'negative' AS sentiment, 0.37 AS part, -0.46 AS score UNION ALL SELECT 'neutral', 0.17, 0.01
        UNION ALL SELECT 'positive', 0.27, 0.43 UNION ALL SELECT '', 0.19, 0
    ) AS sentiments
) AS made
WHERE posts > 0;

INSERT INTO rollup_posts_hour (hour, local_hour, language, kind, sentiment, country_code, state, posts, scored, sentiment_sum)
SELECT hour, local_hour, 'pt', 'post', 'positive', country, state, posts, posts, posts * 0.21
FROM (
    SELECT
        hour, local_hour, country, state,
        FLOOR(wave * weight / 60 + (CRC32(CONCAT(hour, country, state)) % 100) / 100) AS posts
    FROM seeded_hours
    CROSS JOIN (
        SELECT 'BR' AS country, 'SP' AS state, 92 AS weight
        UNION ALL SELECT 'BR', 'RJ', 61 UNION ALL SELECT 'BR', 'MG', 44 UNION ALL SELECT 'BR', 'RS', 31
        UNION ALL SELECT 'BR', 'BA', 28 UNION ALL SELECT 'BR', 'PR', 27 UNION ALL SELECT 'BR', 'PE', 24
        UNION ALL SELECT 'BR', 'CE', 22 UNION ALL SELECT 'BR', 'SC', 18 UNION ALL SELECT 'BR', 'DF', 17
        UNION ALL SELECT 'BR', 'PA', 13 UNION ALL SELECT 'BR', 'GO', 13 UNION ALL SELECT 'BR', 'AM', 12
        UNION ALL SELECT 'BR', 'ES', 9 UNION ALL SELECT 'BR', 'MA', 8 UNION ALL SELECT 'BR', 'PB', 7
        UNION ALL SELECT 'BR', 'RN', 6 UNION ALL SELECT 'BR', 'MT', 5 UNION ALL SELECT 'BR', 'AL', 4
        UNION ALL SELECT 'BR', 'PI', 4 UNION ALL SELECT 'BR', 'MS', 3 UNION ALL SELECT 'BR', 'SE', 3
        UNION ALL SELECT 'BR', '', 6 UNION ALL SELECT 'PT', '', 9 UNION ALL SELECT 'US', '', 7
        UNION ALL SELECT 'AO', '', 2 UNION ALL SELECT 'AR', '', 2
    ) AS places
) AS made
WHERE posts > 0;

INSERT INTO rollup_posts_day (day, language, kind, sentiment, country_code, state, posts, scored, sentiment_sum)
SELECT DATE(local_hour), language, kind, sentiment, country_code, state, SUM(posts), SUM(scored), SUM(sentiment_sum)
FROM rollup_posts_hour
GROUP BY DATE(local_hour), language, kind, sentiment, country_code, state;

CREATE TEMPORARY TABLE seeded_days (day DATE PRIMARY KEY, posts INT)
SELECT day, CAST(SUM(posts) AS SIGNED) AS posts FROM rollup_posts_day GROUP BY day;

INSERT INTO rollup_topics_day (day, topic, language, posts, scored, sentiment_sum)
SELECT day, topic, language, posts, FLOOR(posts * 0.82), FLOOR(posts * 0.82) * score
FROM (
    SELECT day, topic, language, score, FLOOR(posts * share * part * (0.8 + (CRC32(CONCAT(day, topic)) % 100) / 250)) AS posts
    FROM seeded_days
    CROSS JOIN (
        SELECT 'quarantine_isolation' AS topic, 0.31 AS share, -0.14 AS score
        UNION ALL SELECT 'vaccination', 0.22, 0.11 UNION ALL SELECT 'symptoms', 0.14, -0.27
        UNION ALL SELECT 'politics', 0.13, -0.36 UNION ALL SELECT 'health_system', 0.11, 0.06
        UNION ALL SELECT 'masks', 0.09, -0.03 UNION ALL SELECT 'schools', 0.07, -0.05
        UNION ALL SELECT 'economy_work', 0.06, -0.21 UNION ALL SELECT 'misinformation_treatments', 0.05, -0.33
        UNION ALL SELECT 'mental_health', 0.04, -0.18
    ) AS topics
    CROSS JOIN (SELECT 'pt' AS language, 0.75 AS part UNION ALL SELECT 'en', 0.25) AS languages
) AS made
WHERE posts > 0;

INSERT INTO rollup_hashtags_day (day, hashtag, posts)
SELECT day, hashtag, GREATEST(1, FLOOR(posts * share * (0.7 + (CRC32(CONCAT(day, hashtag)) % 100) / 160)))
FROM seeded_days
CROSS JOIN (
    SELECT 'fiqueemcasa' AS hashtag, 0.081 AS share UNION ALL SELECT 'covid19', 0.077 UNION ALL SELECT 'quarentena', 0.052
    UNION ALL SELECT 'vacinaja', 0.044 UNION ALL SELECT 'coronavirus', 0.031 UNION ALL SELECT 'usemascara', 0.024
    UNION ALL SELECT 'stayhome', 0.02 UNION ALL SELECT 'sus', 0.017 UNION ALL SELECT 'lockdown', 0.014
    UNION ALL SELECT 'homeoffice', 0.011 UNION ALL SELECT 'saudemental', 0.009 UNION ALL SELECT 'wearamask', 0.008
) AS hashtags;

INSERT INTO rollup_domains_day (day, domain, posts)
SELECT day, domain, GREATEST(1, FLOOR(posts * share * (0.7 + (CRC32(CONCAT(day, domain)) % 100) / 160)))
FROM seeded_days
CROSS JOIN (
    SELECT 'g1.globo.com' AS domain, 0.03 AS share UNION ALL SELECT 'folha.uol.com.br', 0.021
    UNION ALL SELECT 'youtube.com', 0.019 UNION ALL SELECT 'bbc.com', 0.012 UNION ALL SELECT 'gov.br', 0.011
    UNION ALL SELECT 'who.int', 0.008 UNION ALL SELECT 'fiocruz.br', 0.007 UNION ALL SELECT 'theguardian.com', 0.005
    UNION ALL SELECT 'nature.com', 0.003 UNION ALL SELECT 'x.com', 0.2
) AS domains;

INSERT INTO rollup_rules_hour (hour, local_hour, rule, posts)
SELECT hour, local_hour, rule, FLOOR(SUM(posts) * share)
FROM rollup_posts_hour
CROSS JOIN (SELECT 'covid' AS rule, 0.71 AS share UNION ALL SELECT 'quarentena', 0.46) AS rules
GROUP BY hour, local_hour, rule, share
HAVING FLOOR(SUM(posts) * share) > 0;

INSERT INTO rollup_rules_day (day, rule, posts)
SELECT DATE(local_hour), rule, SUM(posts) FROM rollup_rules_hour GROUP BY DATE(local_hour), rule;

DROP TEMPORARY TABLE seeded_hours, seeded_days
