-- Holes that touch the period; one without a begin or an end touches it from the side that is open.
SELECT rule, kind, from_at, to_at, CAST(hours AS DOUBLE) AS hours, reason
FROM ds_gaps
WHERE (to_at IS NULL OR to_at > ?) AND (from_at IS NULL OR from_at < ? + INTERVAL 2 DAY)
ORDER BY from_at, rule
