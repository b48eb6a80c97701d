CREATE TABLE IF NOT EXISTS spending (
    day             DATE         NOT NULL COMMENT 'UTC day of the answer, clock of X',
    batch_id        VARCHAR(160) NOT NULL COMMENT 'Batch it paid for, see batches',
    digest          CHAR(64)     NOT NULL COMMENT 'Content of the batch: a page fetched again has a row of its own',
    identity        VARCHAR(255) NOT NULL COMMENT 'Extractor that spent it',
    rule            VARCHAR(100) NOT NULL COMMENT 'Name of the rule',
    cost_usd_micros BIGINT       NOT NULL COMMENT 'Millionths of a US dollar',
    billed_posts    INT          NOT NULL COMMENT 'Posts priced',
    billed_users    INT          NOT NULL COMMENT 'Users priced',
    refetched       BOOLEAN      NOT NULL COMMENT 'An earlier process may have been billed for this page already',
    PRIMARY KEY (day, batch_id, digest)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'What each answer cost'
