DELETE FROM tweet_hashtags WHERE tweet_id IN (/*ids*/)
