CREATE TABLE IF NOT EXISTS rollup_hashtags_hour (
    hour       DATETIME(3)  NOT NULL COMMENT 'Begin of the hour, UTC',
    local_hour DATETIME(3)  NOT NULL COMMENT 'Begin of the hour in report_timezone',
    hashtag    VARCHAR(512) NOT NULL COMMENT 'Without #, case and accents',
    posts      INT          NOT NULL COMMENT 'Posts that matched, edited ones once',
    PRIMARY KEY (hour, hashtag)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by hour and hashtag; a post with two hashtags counts for both, one with the same twice once'
