-- One answer every 20 seconds up to now: its ledger row, its cost, what it vouches for.
INSERT INTO batches (
    batch_id, digest, kind, rule, query, query_fingerprint, identity, walk, page, part, parts, walk_finished, requested_at,
    received_at, observed_at, committed_at, applied_at, attempts, idle_polls, refetched, cost_usd_micros, billed_posts,
    billed_users, posts, included, users, places, media, polls, topic, kafka_partition, kafka_offset, trace_id, span_id,
    trace_sampled
)
WITH RECURSIVE
answers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM answers WHERE n + 1 < @answers),
timed AS (
    SELECT n, UTC_TIMESTAMP(3) - INTERVAL n * 20 SECOND AS at, ELT(1 + n % 4, 'covid', 'quarentena', 'vacina', 'escola') AS rule
    FROM answers
)
SELECT
    CONCAT(rule, '/', n, '/1'), SHA2(n, 256), 'PAGE', rule, rule, LEFT(SHA2(rule, 256), 16), 'lab-1', n + 1, 1, 1, 1, TRUE,
    at, at, at, at, at + INTERVAL n % 900 * 1000 MICROSECOND, 1, n % 2, n % 1000 = 7, 500000, 100, 60, 100, 10, 60, 20, 3, 1,
    'tweets.batches.v1', n % 6, n, LEFT(SHA2(CONCAT('trace', n), 256), 32), LEFT(SHA2(CONCAT('span', n), 256), 16), TRUE
FROM timed;

INSERT INTO spending (day, batch_id, digest, identity, rule, cost_usd_micros, billed_posts, billed_users, refetched)
SELECT DATE(observed_at), batch_id, digest, identity, rule, cost_usd_micros, billed_posts, billed_users, refetched FROM batches;

INSERT INTO coverage (rule, batch_id, kind, from_at, to_at, reason, observed_at, version)
SELECT
    rule, batch_id, 'seen', observed_at - INTERVAL IF(walk % 5000 = 0, 70, 90) SECOND, observed_at, NULL, observed_at,
    UNHEX(REPEAT('0', 32))
FROM batches
