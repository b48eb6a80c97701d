-- Beside tweets, not in it: rollups read these few bytes of a post instead of its text, and an enrichment of a newer
-- version rewrites them alone.
CREATE TABLE IF NOT EXISTS tweet_enrichment (
    tweet_id           BIGINT       NOT NULL COMMENT 'Post whose content is stored, see tweets',
    kind               VARCHAR(8)   NOT NULL COMMENT 'retweet, quote, reply or post: the first that holds',
    language           VARCHAR(32)  NULL COMMENT 'Language tag: by X, else detected in the text; NULL where unknown',
    language_detected  BOOLEAN      NOT NULL COMMENT 'Detected in the text, as X named none',
    sentiment          DECIMAL(4,3) NULL COMMENT 'How the text sounds, -1 (negative) to 1 (positive); NULL where no lexicon knows a word of it',
    sentiment_label    VARCHAR(8)   NULL COMMENT 'positive (0.05 and above), negative (-0.05 and below), neutral',
    sentiment_coverage DECIMAL(4,3) NULL COMMENT 'Share of the words that the lexicon knows, 0 to 1',
    country_code       VARCHAR(16)  NULL COMMENT 'Country of the tagged place, ISO 3166-1 alpha-2',
    state              VARCHAR(2)   NULL COMMENT 'Brazilian state of the tagged place, second part of ISO 3166-2:BR',
    enrichment_version SMALLINT     NOT NULL COMMENT 'Version of the enrichment that derived this row and the topics',
    PRIMARY KEY (tweet_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'What is derived from each stored post; unknown is NULL, never zero'
