-- Locks what is stored in the order of the key; under READ COMMITTED what is not stored stays free.
SELECT id, content_version, deleted_at FROM tweets WHERE id IN (/*ids*/) ORDER BY id FOR UPDATE
