CREATE TABLE IF NOT EXISTS tweet_hashtags (
    tweet_id   BIGINT       NOT NULL COMMENT 'Post, see tweets',
    position   SMALLINT     NOT NULL COMMENT 'Place among the hashtags of the post, from 0',
    tag        VARCHAR(512) NOT NULL COMMENT 'As written, without #',
    tag_folded VARCHAR(512) NOT NULL COMMENT 'Without case and accents, for grouping',
    start_at   INT          NULL COMMENT 'First character in the text, code points from 0',
    end_at     INT          NULL COMMENT 'One past the last character',
    PRIMARY KEY (tweet_id, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin COMMENT = 'Hashtags of the full text; one used twice has two rows'
