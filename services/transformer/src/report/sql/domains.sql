SELECT domain AS name, CAST(SUM(posts) AS SIGNED) AS posts
FROM ds_domains
WHERE day BETWEEN ? AND ?
GROUP BY domain
ORDER BY posts DESC, domain
LIMIT 15
