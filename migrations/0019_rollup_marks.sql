CREATE TABLE IF NOT EXISTS rollup_marks (
    hour     DATETIME(3)  NOT NULL COMMENT 'Hour whose posts were written, UTC',
    mark     BINARY(16)   NOT NULL DEFAULT (UUID_TO_BIN(UUID(), 1)) COMMENT 'Of its own for each write, so that a mark made while its hour is rolled stays',
    batch_id VARCHAR(160) NOT NULL COMMENT 'Batch that was written, see batches; empty for deletions and enrichments',
    PRIMARY KEY (hour, mark)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Hours the rollups have to be made again for; only ever added to, and deleted by the roller'
