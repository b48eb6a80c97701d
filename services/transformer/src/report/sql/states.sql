-- Posts with a tagged place, by country and Brazilian state.
SELECT country_code AS country, state, CAST(SUM(posts) AS SIGNED) AS posts
FROM ds_states
WHERE day BETWEEN ? AND ?
GROUP BY country_code, state
ORDER BY posts DESC, country_code, state
