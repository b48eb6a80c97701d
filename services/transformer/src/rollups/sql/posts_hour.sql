-- Each post once, an edited one with its latest text that matched any rule.
INSERT INTO rollup_posts_hour (hour, local_hour, language, kind, sentiment, country_code, state, posts, scored, sentiment_sum)
/*counted*/
SELECT
    ?, ?, COALESCE(e.language, ''), e.kind, COALESCE(e.sentiment_label, ''), COALESCE(e.country_code, ''),
    COALESCE(e.state, ''), COUNT(*), COUNT(e.sentiment), COALESCE(SUM(e.sentiment), 0)
FROM counted AS c
JOIN tweet_enrichment AS e ON e.tweet_id = c.tweet_id
GROUP BY
    COALESCE(e.language, ''), e.kind, COALESCE(e.sentiment_label, ''), COALESCE(e.country_code, ''),
    COALESCE(e.state, '')
