CREATE TABLE IF NOT EXISTS polls (
    id               VARCHAR(64) NOT NULL COMMENT 'Poll id by X, named in tweets.details',
    options          JSON        NULL COMMENT 'Answers: position, label, votes',
    duration_minutes INT         NULL COMMENT 'Minutes',
    ends_at          DATETIME(3) NULL COMMENT 'End, UTC',
    voting_status    VARCHAR(64) NULL COMMENT 'open or closed',
    extra            JSON        NULL COMMENT 'What X sent beside, without a column',
    observed_at      DATETIME(3) NOT NULL COMMENT 'When it was observed, clock of X, UTC',
    version          BINARY(16)  NOT NULL COMMENT 'Order of observations, as in tweets.content_version',
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Attached polls, newest observation'
