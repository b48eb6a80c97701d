-- UTC days, as X bills: a day of the analysts may end in the next one.
SELECT
    day_utc AS day, rule, CAST(usd AS DOUBLE) AS usd, billed_posts, billed_users,
    CAST(refetched_usd AS DOUBLE) AS refetched_usd
FROM ds_cost
WHERE day_utc BETWEEN ? AND ? + INTERVAL 1 DAY
ORDER BY day_utc, rule
