-- Posts of the latest days with what people did with them.
CREATE TEMPORARY TABLE seeded_posts (id BIGINT PRIMARY KEY, hours INT, lang VARCHAR(2), label VARCHAR(8), likes INT, age DOUBLE, text TEXT)
SELECT 1992000000000000001 AS id, 20 AS hours, 'pt' AS lang, 'positive' AS label, 4812 AS likes, 31.5 AS age,
    'Segunda dose tomada! 💉 Obrigada a cada profissional do SUS que segue firme. Vacina sim, e máscara também. #vacinaja' AS text
UNION ALL SELECT 1992000000000000002, 44, 'pt', 'negative', 3120, 52, 'Dia 12 de quarentena: o pão já cresceu mais que a minha paciência 🍞😩 #fiqueemcasa'
UNION ALL SELECT 1992000000000000003, 9, 'en', 'neutral', 2204, 8.5, 'Hospital admissions for Covid fell for the third week in a row, says the health department. The full table is in the link.'
UNION ALL SELECT 1992000000000000004, 70, 'pt', 'positive', 1790, 74.2, 'Vizinhos cantando na janela de novo. A quarentena tem dessas 🎶❤️'
UNION ALL SELECT 1992000000000000005, 5, 'pt', 'negative', 990, 0.6, 'Três horas de fila no posto e acabou o teste. Alguém sabe onde ainda tem?'
UNION ALL SELECT 1992000000000000006, 98, 'en', 'negative', 870, 100.1, 'Schools reopening without ventilation plans is not a plan. #covid19'
UNION ALL SELECT 1992000000000000007, 30, 'pt', 'neutral', 640, 33, 'Boletim: 27 municípios mantêm o uso obrigatório de máscara em ônibus e unidades de saúde.'
UNION ALL SELECT 1992000000000000008, 120, 'pt', 'negative', 512, 121.4, 'Trabalho remoto não é férias. Sala, cozinha e escritório viraram a mesma coisa #homeoffice'
UNION ALL SELECT 1992000000000000009, 15, 'en', 'positive', 480, 14, 'Got my booster today, the nurse was lovely and it took four minutes. Please book yours 🙏'
UNION ALL SELECT 1992000000000000010, 140, 'pt', 'neutral', 333, 150, 'Alguém mais lavando as compras? Pergunta sincera.'
UNION ALL SELECT 1992000000000000011, 60, 'pt', 'negative', 210, 61, 'Perdi o olfato ontem. Isolado no quarto desde então, torçam por mim.';

INSERT INTO tweets (id, author_id, created_at, text, lang, retweet_count, reply_count, like_count, quote_count, metrics_observed_at, content_version, metrics_version)
SELECT
    id, id % 97, UTC_TIMESTAMP() - INTERVAL hours HOUR, text, lang, FLOOR(likes * 0.27), FLOOR(likes * 0.06), likes,
    FLOOR(likes * 0.02), UTC_TIMESTAMP() - INTERVAL hours HOUR + INTERVAL FLOOR(age * 60) MINUTE, UNHEX(REPEAT('0', 32)),
    UNHEX(REPEAT('0', 32))
FROM seeded_posts;

INSERT INTO tweet_enrichment (tweet_id, kind, language, language_detected, sentiment, sentiment_label, sentiment_coverage, enrichment_version)
SELECT id, 'post', lang, FALSE, CASE label WHEN 'positive' THEN 0.6 WHEN 'negative' THEN -0.5 ELSE 0 END, label, 0.4, 1
FROM seeded_posts;

INSERT INTO rollup_engaged_day (day, tweet_id, engagement)
SELECT DATE(created_at - INTERVAL 3 HOUR), id, like_count + retweet_count + reply_count + quote_count
FROM tweets
WHERE id IN (SELECT id FROM seeded_posts);

DROP TEMPORARY TABLE seeded_posts
