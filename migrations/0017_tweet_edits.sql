-- Rows are only ever added: X never takes a post out of its chain.
CREATE TABLE IF NOT EXISTS tweet_edits (
    first_id BIGINT NOT NULL COMMENT 'First post of the edit chain',
    tweet_id BIGINT NOT NULL COMMENT 'Post of the chain, the first one included; stored or not',
    PRIMARY KEY (first_id, tweet_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Edit chains of posts that were edited: figures count the latest text that matched, once'
