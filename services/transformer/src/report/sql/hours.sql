-- Posts by hour of the analysts' time zone; the view holds 31 days.
SELECT local_hour AS hour, CAST(SUM(posts) AS SIGNED) AS posts
FROM ds_volume_hourly
WHERE local_hour >= ? AND local_hour < ? + INTERVAL 1 DAY
GROUP BY local_hour
ORDER BY local_hour
