CREATE TABLE IF NOT EXISTS rollup_domains_hour (
    hour       DATETIME(3)  NOT NULL COMMENT 'Begin of the hour, UTC',
    local_hour DATETIME(3)  NOT NULL COMMENT 'Begin of the hour in report_timezone',
    domain     VARCHAR(255) NOT NULL COMMENT 'Host linked to',
    posts      INT          NOT NULL COMMENT 'Posts that matched, edited ones once',
    PRIMARY KEY (hour, domain)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by hour and domain; a post with links to two hosts counts for both'
