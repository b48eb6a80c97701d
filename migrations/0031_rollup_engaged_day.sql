CREATE TABLE IF NOT EXISTS rollup_engaged_day (
    day        DATE   NOT NULL COMMENT 'Day in report_timezone',
    tweet_id   BIGINT NOT NULL COMMENT 'Post, see tweets',
    engagement BIGINT NOT NULL COMMENT 'Likes, reposts, replies and quotes together, when last observed',
    PRIMARY KEY (day, tweet_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'The 50 most engaged posts of each day'
