CREATE TABLE IF NOT EXISTS rollup_domains_day (
    day    DATE         NOT NULL COMMENT 'Day in report_timezone',
    domain VARCHAR(255) NOT NULL COMMENT 'Host linked to',
    posts  INT          NOT NULL COMMENT 'Posts that matched, edited ones once',
    PRIMARY KEY (day, domain)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by day and domain; a post with links to two hosts counts for both'
