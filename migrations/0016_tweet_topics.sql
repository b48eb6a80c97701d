CREATE TABLE IF NOT EXISTS tweet_topics (
    tweet_id BIGINT      NOT NULL COMMENT 'Post, see tweets',
    topic    VARCHAR(64) NOT NULL COMMENT 'Topic of the taxonomy',
    hits     SMALLINT    NOT NULL COMMENT 'Terms of the topic found in the text',
    PRIMARY KEY (tweet_id, topic)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Topics of the full text'
