CREATE TABLE IF NOT EXISTS report_settings (
    name  VARCHAR(64)  NOT NULL COMMENT 'report_timezone: of the rollups; pseudonymise_authors: 1 or 0; pseudonym_salt: secret',
    value VARCHAR(255) NOT NULL COMMENT 'Its value',
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Settings that rollups and views share; the row report_timezone is the lock of the one roller'
