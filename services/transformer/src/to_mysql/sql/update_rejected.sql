UPDATE batches SET rejected = ? WHERE batch_id = ? AND digest = ?
