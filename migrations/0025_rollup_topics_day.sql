CREATE TABLE IF NOT EXISTS rollup_topics_day (
    day           DATE          NOT NULL COMMENT 'Day in report_timezone',
    topic         VARCHAR(64)   NOT NULL COMMENT 'Topic of the taxonomy',
    language      VARCHAR(32)   NOT NULL COMMENT 'Language tag; empty where unknown',
    posts         INT           NOT NULL COMMENT 'Posts that matched, edited ones once',
    scored        INT           NOT NULL COMMENT 'Posts among them with a sentiment',
    sentiment_sum DECIMAL(12,3) NOT NULL COMMENT 'Sum of their sentiments',
    PRIMARY KEY (day, topic, language)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by day and topic, language; a post on two topics counts for both'
