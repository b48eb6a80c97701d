-- Answers by the hour they were received, UTC: a day of the analysts may end in the next UTC day.
SELECT
    received_hour AS hour, batches, idle_polls, posts, refetched, rejected,
    CAST(mean_seconds AS DOUBLE) AS mean_seconds, CAST(most_seconds AS DOUBLE) AS most_seconds
FROM ds_pipeline
WHERE received_hour >= ? AND received_hour < ? + INTERVAL 2 DAY
ORDER BY received_hour
