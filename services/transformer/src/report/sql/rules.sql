SELECT rule AS name, CAST(SUM(posts) AS SIGNED) AS posts
FROM ds_rules
WHERE day BETWEEN ? AND ?
GROUP BY rule
ORDER BY posts DESC, rule
