CREATE TABLE IF NOT EXISTS coverage (
    rule        VARCHAR(100) NOT NULL COMMENT 'Name of the rule',
    batch_id    VARCHAR(160) NOT NULL COMMENT 'Batch that says so, see batches',
    kind        VARCHAR(16)  NOT NULL COMMENT 'seen: every post of the interval that X gave is stored; gap: it could not be reached',
    from_at     DATETIME(3)  NULL COMMENT 'Oldest moment, inclusive, UTC; NULL where not known',
    to_at       DATETIME(3)  NULL COMMENT 'Newest moment, exclusive, UTC; NULL where not known',
    reason      VARCHAR(500) NULL COMMENT 'Why there is a gap',
    observed_at DATETIME(3)  NOT NULL COMMENT 'Clock of X, UTC',
    version     BINARY(16)   NOT NULL COMMENT 'Order of observations, as in tweets.content_version',
    PRIMARY KEY (rule, batch_id, kind)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Intervals each rule has seen, and gaps'
