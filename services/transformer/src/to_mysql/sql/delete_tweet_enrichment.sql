DELETE FROM tweet_enrichment WHERE tweet_id IN (/*ids*/)
