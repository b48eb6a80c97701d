DELETE FROM media WHERE media_key IN (/*ids*/)
