CREATE TABLE IF NOT EXISTS rollup_rules_hour (
    hour       DATETIME(3)  NOT NULL COMMENT 'Begin of the hour, UTC',
    local_hour DATETIME(3)  NOT NULL COMMENT 'Begin of the hour in report_timezone',
    rule       VARCHAR(100) NOT NULL COMMENT 'Rule that matched',
    posts      INT          NOT NULL COMMENT 'Posts that matched, edited ones once',
    PRIMARY KEY (hour, rule)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by hour and rule; a post matched by two rules counts for both'
