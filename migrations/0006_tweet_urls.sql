CREATE TABLE IF NOT EXISTS tweet_urls (
    tweet_id     BIGINT       NOT NULL COMMENT 'Post, see tweets',
    position     SMALLINT     NOT NULL COMMENT 'Place among the links of the post, from 0',
    url          TEXT         NOT NULL COMMENT 'Address in the text (t.co)',
    expanded_url TEXT         NULL COMMENT 'Where it points',
    unwound_url  TEXT         NULL COMMENT 'Where it ends after redirects',
    display_url  TEXT         NULL COMMENT 'As shown',
    domain       VARCHAR(255) NULL COMMENT 'Host of the last known address, lower case, without www., for grouping',
    title        TEXT         NULL COMMENT 'Title of the page',
    description  TEXT         NULL COMMENT 'Description of the page',
    status       INT          NULL COMMENT 'HTTP status X saw',
    media_key    VARCHAR(64)  NULL COMMENT 'Attached picture or film, see media',
    start_at     INT          NULL COMMENT 'First character in the text, code points from 0',
    end_at       INT          NULL COMMENT 'One past the last character',
    extra        JSON         NULL COMMENT 'What X sent beside, without a column',
    PRIMARY KEY (tweet_id, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Links of the full text'
