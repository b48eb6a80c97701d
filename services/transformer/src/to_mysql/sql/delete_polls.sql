DELETE FROM polls WHERE id IN (/*ids*/)
