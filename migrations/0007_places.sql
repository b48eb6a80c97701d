CREATE TABLE IF NOT EXISTS places (
    id           VARCHAR(64)  NOT NULL COMMENT 'Place id by X',
    full_name    VARCHAR(500) NULL COMMENT 'Long name',
    name         VARCHAR(500) NULL COMMENT 'Short name',
    name_folded  VARCHAR(500) NULL COMMENT 'Short name without case and accents, for grouping',
    country      VARCHAR(255) NULL COMMENT 'Country',
    country_code VARCHAR(16)  NULL COMMENT 'ISO 3166-1 alpha-2',
    place_type   VARCHAR(64)  NULL COMMENT 'city, admin, country …',
    west         DOUBLE       NULL COMMENT 'Bounding box, degrees east',
    south        DOUBLE       NULL COMMENT 'Bounding box, degrees north',
    east         DOUBLE       NULL COMMENT 'Bounding box, degrees east',
    north        DOUBLE       NULL COMMENT 'Bounding box, degrees north',
    details      JSON         NULL COMMENT 'What is kept and not queried: contained_within, an unusual bbox',
    extra        JSON         NULL COMMENT 'What X sent beside, without a column',
    observed_at  DATETIME(3)  NOT NULL COMMENT 'When it was observed, clock of X, UTC',
    version      BINARY(16)   NOT NULL COMMENT 'Order of observations, as in tweets.content_version',
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Tagged places, newest observation'
