-- What each extractor spent on its last day of X's clock, and its dearest page ever.
WITH last_days AS (
    SELECT identity, DATE(MAX(observed_at)) AS day, MAX(cost_usd_micros) AS dearest
    FROM batches
    GROUP BY identity
)
SELECT
    last_days.identity,
    DATE_FORMAT(last_days.day, '%Y-%m-%d') AS day,
    CAST(SUM(batches.cost_usd_micros) AS SIGNED) AS spent,
    CAST(MAX(last_days.dearest) AS SIGNED) AS dearest
FROM last_days
INNER JOIN batches ON batches.identity = last_days.identity AND batches.observed_at >= last_days.day
GROUP BY last_days.identity, last_days.day
ORDER BY last_days.identity
