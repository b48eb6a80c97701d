-- ds_pipeline: Whether the collection works: answers of X by the hour they were received, of the latest 31 days.
-- received_hour: Begin of the hour, UTC
-- batches: Answers and their parts
-- idle_polls: Polls that found nothing
-- posts: Matched posts carried, before edits and repetitions are folded
-- refetched: Answers that may have been billed before, after a death
-- rejected: Posts and objects set aside
-- mean_seconds: Mean time from an answer's receipt to its row
-- most_seconds: Longest time from an answer's receipt to its row
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_pipeline AS
SELECT
    CAST(DATE_FORMAT(received_at, '%Y-%m-%d %H:00:00') AS DATETIME(3)) AS received_hour,
    CAST(SUM(kind = 'PAGE') AS SIGNED) AS batches, CAST(SUM(idle_polls) AS SIGNED) AS idle_polls, CAST(SUM(posts) AS SIGNED) AS posts, CAST(SUM(refetched) AS SIGNED) AS refetched,
    CAST(SUM(COALESCE(JSON_LENGTH(rejected), 0)) AS SIGNED) AS rejected,
    ROUND(AVG(TIMESTAMPDIFF(MICROSECOND, received_at, applied_at)) / 1000000, 3) AS mean_seconds,
    ROUND(MAX(TIMESTAMPDIFF(MICROSECOND, received_at, applied_at)) / 1000000, 3) AS most_seconds
FROM batches
WHERE received_at > UTC_TIMESTAMP() - INTERVAL 31 DAY
GROUP BY received_hour
