CREATE TABLE IF NOT EXISTS rollup_posts_hour (
    hour          DATETIME(3)   NOT NULL COMMENT 'Begin of the hour, UTC',
    local_hour    DATETIME(3)   NOT NULL COMMENT 'Begin of the hour in report_timezone',
    language      VARCHAR(32)   NOT NULL COMMENT 'Language tag; empty where unknown',
    kind          VARCHAR(8)    NOT NULL COMMENT 'retweet, quote, reply or post',
    sentiment     VARCHAR(8)    NOT NULL COMMENT 'positive, neutral, negative; empty where unknown',
    country_code  VARCHAR(16)   NOT NULL COMMENT 'Country of the tagged place; empty where unknown',
    state         VARCHAR(2)    NOT NULL COMMENT 'Brazilian state of the tagged place; empty where unknown',
    posts         INT           NOT NULL COMMENT 'Posts that matched, edited ones once',
    scored        INT           NOT NULL COMMENT 'Posts among them with a sentiment',
    sentiment_sum DECIMAL(12,3) NOT NULL COMMENT 'Sum of their sentiments',
    PRIMARY KEY (hour, language, kind, sentiment, country_code, state)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Posts by hour and language, kind, sentiment, country_code, state; each post once: totals come from here'
