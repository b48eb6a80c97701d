CREATE TABLE IF NOT EXISTS rollup_engaged_hour (
    hour       DATETIME(3) NOT NULL COMMENT 'Begin of the hour, UTC',
    local_hour DATETIME(3) NOT NULL COMMENT 'Begin of the hour in report_timezone',
    tweet_id   BIGINT      NOT NULL COMMENT 'Post, see tweets',
    engagement BIGINT      NOT NULL COMMENT 'Likes, reposts, replies and quotes together, when last observed',
    PRIMARY KEY (hour, tweet_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'The 50 most engaged posts of each hour'
