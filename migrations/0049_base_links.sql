-- base_links: Links of each post.
-- post_id: Post id
-- position: Place among the links of the post, from 0
-- url: Where it leads, as far as known
-- domain: Host, for grouping
-- title: Title of the page
CREATE OR REPLACE SQL SECURITY DEFINER VIEW base_links AS
SELECT tweet_id AS post_id, position, COALESCE(unwound_url, expanded_url, url) AS url, domain, title
FROM tweet_urls
