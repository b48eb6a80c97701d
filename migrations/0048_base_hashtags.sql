-- base_hashtags: Hashtags of each post.
-- post_id: Post id
-- position: Place among the hashtags of the post, from 0
-- hashtag: As written, without #
-- hashtag_folded: Without case and accents, for grouping
CREATE OR REPLACE SQL SECURITY DEFINER VIEW base_hashtags AS
SELECT tweet_id AS post_id, position, tag AS hashtag, tag_folded AS hashtag_folded
FROM tweet_hashtags
