-- Posts by day, language and kind: each post once.
SELECT day, language, kind, posts
FROM ds_volume
WHERE day BETWEEN ? AND ?
ORDER BY day, language, kind
