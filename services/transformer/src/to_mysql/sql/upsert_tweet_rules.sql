-- The first observation names the batch; the compared column is assigned last.
INSERT INTO tweet_rules (
    tweet_id, rule, query_fingerprint, first_batch_id, first_observed_at, first_version, last_observed_at
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE
    first_batch_id = IF(new.first_version < tweet_rules.first_version, new.first_batch_id, tweet_rules.first_batch_id),
    first_observed_at = LEAST(new.first_observed_at, tweet_rules.first_observed_at),
    last_observed_at = GREATEST(new.last_observed_at, tweet_rules.last_observed_at),
    first_version = LEAST(new.first_version, tweet_rules.first_version)
