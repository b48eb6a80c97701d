SELECT
    (SELECT COUNT(*) FROM tweet_enrichment) AS posts,
    CAST((SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()) AS SIGNED) AS bytes
