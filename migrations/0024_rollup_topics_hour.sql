CREATE TABLE IF NOT EXISTS rollup_topics_hour (
    hour          DATETIME(3)   NOT NULL COMMENT 'Begin of the hour, UTC',
    local_hour    DATETIME(3)   NOT NULL COMMENT 'Begin of the hour in report_timezone',
    topic         VARCHAR(64)   NOT NULL COMMENT 'Topic of the taxonomy',
    language      VARCHAR(32)   NOT NULL COMMENT 'Language tag; empty where unknown',
    posts         INT           NOT NULL COMMENT 'Posts that matched, edited ones once',
    scored        INT           NOT NULL COMMENT 'Posts among them with a sentiment',
    sentiment_sum DECIMAL(12,3) NOT NULL COMMENT 'Sum of their sentiments',
    PRIMARY KEY (hour, topic, language)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by hour and topic, language; a post on two topics counts for both'
