INSERT INTO rollup_domains_day (day, domain, posts)
SELECT ?, domain, SUM(posts)
FROM rollup_domains_hour
WHERE hour >= ? AND hour < ?
GROUP BY domain
