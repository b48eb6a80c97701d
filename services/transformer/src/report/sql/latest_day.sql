-- The newest day that holds posts: ds_rules is read by its key, so that one row is read.
SELECT day FROM ds_rules ORDER BY day DESC LIMIT 1
