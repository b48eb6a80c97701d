-- What is known stays: a post never leaves its chain.
INSERT INTO tweet_edits (
    first_id, tweet_id
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE tweet_id = new.tweet_id
