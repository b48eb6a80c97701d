CREATE TABLE IF NOT EXISTS media (
    media_key         VARCHAR(64) NOT NULL COMMENT 'Key by X, named in tweets.details',
    type              VARCHAR(64) NULL COMMENT 'photo, video, animated_gif',
    url               TEXT        NULL COMMENT 'Address',
    preview_image_url TEXT        NULL COMMENT 'Preview',
    alt_text          TEXT        NULL COMMENT 'Description by the author',
    width             INT         NULL COMMENT 'Pixels',
    height            INT         NULL COMMENT 'Pixels',
    duration_ms       BIGINT      NULL COMMENT 'Milliseconds',
    view_count        BIGINT      NULL COMMENT 'Views when observed',
    extra             JSON        NULL COMMENT 'What X sent beside, without a column',
    observed_at       DATETIME(3) NOT NULL COMMENT 'When it was observed, clock of X, UTC',
    version           BINARY(16)  NOT NULL COMMENT 'Order of observations, as in tweets.content_version',
    PRIMARY KEY (media_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Attached pictures and films, newest observation'
