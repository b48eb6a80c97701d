-- base_rules: Which rule matched a post, by which query.
-- post_id: Post id
-- rule: Name of the rule
-- query_fingerprint: Query that matched; a changed query adds a row, so count posts
-- first_observed_at: When it was first observed, UTC
-- last_observed_at: When it was last observed, UTC
CREATE OR REPLACE SQL SECURITY DEFINER VIEW base_rules AS
SELECT tweet_id AS post_id, rule, query_fingerprint, first_observed_at, last_observed_at
FROM tweet_rules
