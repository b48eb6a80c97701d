DELETE FROM tweet_urls WHERE tweet_id IN (/*ids*/)
