SELECT batch_id, digest, rejected FROM batches WHERE batch_id IN (/*ids*/)
