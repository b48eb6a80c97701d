CREATE TABLE IF NOT EXISTS tweet_rules (
    tweet_id          BIGINT       NOT NULL COMMENT 'Post, see tweets',
    rule              VARCHAR(100) NOT NULL COMMENT 'Name of the rule that matched it',
    query_fingerprint VARCHAR(64)  NOT NULL COMMENT 'Query of the rule that matched it, see batches; a changed query adds a row: count posts, not rows',
    first_batch_id    VARCHAR(160) NOT NULL COMMENT 'Batch that brought it first, see batches',
    first_observed_at DATETIME(3)  NOT NULL COMMENT 'When it was first observed, clock of X, UTC',
    first_version     BINARY(16)   NOT NULL COMMENT 'Order of observations, as in tweets.content_version',
    last_observed_at  DATETIME(3)  NOT NULL COMMENT 'When it was last observed, clock of X, UTC',
    PRIMARY KEY (tweet_id, rule, query_fingerprint)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Which rule matched a post, by which query: the fact that is counted'
