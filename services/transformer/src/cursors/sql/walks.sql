-- Each walk of each rule in one row, and the hourly reports of polls that found nothing. An answer in parts counts once all of them are here.
WITH pages AS (
    SELECT
        rule, kind, walk, page,
        COUNT(DISTINCT part) = MAX(parts) AS whole,
        MAX(walk_finished) AS finished,
        MAX(identity) AS identity,
        MAX(query) AS query,
        MAX(query_fingerprint) AS query_fingerprint,
        MAX(since_id) AS since_id,
        MAX(until_id) AS until_id,
        MAX(newest_id) AS newest_id,
        MIN(oldest_id) AS oldest_id,
        MAX(covers_to) AS covers_to
    FROM batches
    GROUP BY rule, kind, walk, page
)
SELECT
    rule, walk,
    MIN(whole) AS whole,
    MAX(finished) AS finished,
    MAX(page) AS page,
    MAX(identity) AS identity,
    MAX(query) AS query,
    MAX(query_fingerprint) AS query_fingerprint,
    MAX(since_id) AS since_id,
    MIN(until_id) AS until_id,
    MAX(newest_id) AS newest_id,
    MIN(oldest_id) AS oldest_id,
    MAX(covers_to) AS covers_to
FROM pages
GROUP BY rule, kind, walk
ORDER BY rule, walk
