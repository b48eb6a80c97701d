-- Four answers an hour for two weeks, what they cost and what they vouch for; six hours in which X could not be reached.
CREATE TEMPORARY TABLE seeded_answers (n INT PRIMARY KEY, at DATETIME(3), rule VARCHAR(20), r INT)
WITH RECURSIVE a (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM a WHERE n < 999)
SELECT n, UTC_TIMESTAMP(3) - INTERVAL n * 20 MINUTE AS at, IF(n % 3 = 2, 'quarentena', 'covid') AS rule, CRC32(n) % 1000 AS r
FROM a
WHERE n NOT BETWEEN 174 AND 191;

INSERT INTO batches (
    batch_id, digest, kind, rule, query, query_fingerprint, identity, walk, page, part, parts, walk_finished, requested_at,
    received_at, observed_at, committed_at, applied_at, attempts, idle_polls, refetched, cost_usd_micros, billed_posts,
    billed_users, posts, included, users, places, media, polls, rejected, topic, kafka_partition, kafka_offset, trace_id,
    span_id, trace_sampled
)
SELECT
    CONCAT(rule, '/', n, '/1'), SHA2(n, 256), 'PAGE', rule, rule, LEFT(SHA2(rule, 256), 16), 'lab-1', n + 1, 1, 1, 1, TRUE,
    at - INTERVAL 400000 MICROSECOND, at, at, at + INTERVAL 60000 MICROSECOND,
    at + INTERVAL 120000 + r * 700 + IF(r > 985, 4000000, 0) MICROSECOND, 1, r % 2, n = 411,
    500000 + r * 900, 100, 40 + r % 60, 60 + r % 40, 20, 60, 3, 5, 0,
    IF(r > 994, '[{"section": "tweets", "position": 3, "detail": "no valid date"}]', NULL), 'tweets.batches.v1', n % 6, n,
    LEFT(SHA2(CONCAT('trace', n), 256), 32), LEFT(SHA2(CONCAT('span', n), 256), 16), TRUE
FROM (SELECT n, at, rule, r FROM seeded_answers) AS answers;

INSERT INTO spending (day, batch_id, digest, identity, rule, cost_usd_micros, billed_posts, billed_users, refetched)
SELECT DATE(observed_at), batch_id, digest, identity, rule, cost_usd_micros, billed_posts, billed_users, refetched FROM batches;

INSERT INTO coverage (rule, batch_id, kind, from_at, to_at, reason, observed_at, version)
SELECT rule, batch_id, 'seen', observed_at - INTERVAL 65 MINUTE, observed_at, NULL, observed_at, UNHEX(REPEAT('0', 32)) FROM batches;

INSERT INTO coverage (rule, batch_id, kind, from_at, to_at, reason, observed_at, version)
SELECT
    'quarentena', 'quarentena/900/2', 'gap', UTC_TIMESTAMP(3) - INTERVAL 96 HOUR, UTC_TIMESTAMP(3) - INTERVAL 93 HOUR,
    'older than the seven days that recent search reaches', UTC_TIMESTAMP(3) - INTERVAL 90 HOUR, UNHEX(REPEAT('0', 32));

DROP TEMPORARY TABLE seeded_answers
