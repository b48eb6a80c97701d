CREATE TABLE IF NOT EXISTS tweet_mentions (
    tweet_id        BIGINT       NOT NULL COMMENT 'Post, see tweets',
    position        SMALLINT     NOT NULL COMMENT 'Place among the mentions of the post, from 0',
    user_id         BIGINT       NULL COMMENT 'Mentioned user, see authors',
    username        VARCHAR(100) NOT NULL COMMENT 'As written, without @',
    username_folded VARCHAR(100) NOT NULL COMMENT 'Lower case, for grouping',
    start_at        INT          NULL COMMENT 'First character in the text, code points from 0',
    end_at          INT          NULL COMMENT 'One past the last character',
    extra           JSON         NULL COMMENT 'What X sent beside, without a column',
    PRIMARY KEY (tweet_id, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Users mentioned in the full text'
