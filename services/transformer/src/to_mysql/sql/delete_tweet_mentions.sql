DELETE FROM tweet_mentions WHERE tweet_id IN (/*ids*/)
