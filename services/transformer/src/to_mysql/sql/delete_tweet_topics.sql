DELETE FROM tweet_topics WHERE tweet_id IN (/*ids*/)
