INSERT INTO rollup_rules_day (day, rule, posts)
SELECT ?, rule, SUM(posts)
FROM rollup_rules_hour
WHERE hour >= ? AND hour < ?
GROUP BY rule
