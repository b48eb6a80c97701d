CREATE TABLE IF NOT EXISTS schema_requirements (
    name       VARCHAR(64) NOT NULL COMMENT 'What is required',
    min_binary VARCHAR(32) NOT NULL COMMENT 'Oldest release of the transformer that works with this schema',
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'What this schema asks of the programs that use it'
