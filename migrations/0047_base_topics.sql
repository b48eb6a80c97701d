-- base_topics: Topics of each post.
-- post_id: Post id
-- topic: Topic of the taxonomy
-- hits: Terms found
CREATE OR REPLACE SQL SECURITY DEFINER VIEW base_topics AS
SELECT tweet_id AS post_id, topic, hits
FROM tweet_topics
