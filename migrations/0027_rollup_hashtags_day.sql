CREATE TABLE IF NOT EXISTS rollup_hashtags_day (
    day     DATE         NOT NULL COMMENT 'Day in report_timezone',
    hashtag VARCHAR(512) NOT NULL COMMENT 'Without #, case and accents',
    posts   INT          NOT NULL COMMENT 'Posts that matched, edited ones once',
    PRIMARY KEY (day, hashtag)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by day and hashtag; a post with two hashtags counts for both, one with the same twice once'
