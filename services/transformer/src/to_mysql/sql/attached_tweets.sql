-- What hangs on posts beside their children; locked, as the posts are about to lose it.
SELECT id, content_observed_at, JSON_EXTRACT(details, '$.media_keys') AS media_keys,
    JSON_EXTRACT(details, '$.poll_ids') AS poll_ids
FROM tweets WHERE id IN (/*ids*/) AND details IS NOT NULL ORDER BY id FOR UPDATE
