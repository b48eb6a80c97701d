-- base_posts: Every stored post that matched a rule or is referred to, with what is derived from it.
-- post_id: Post id
-- author_key: Author, see base_authors
-- posted_at: When it was posted, UTC
-- text: Full text; it may name people
-- language: Language tag; NULL where unknown
-- language_detected: Detected in the text, as X named none
-- kind: retweet, quote, reply or post
-- sentiment: -1 (negative) to 1 (positive); NULL where unknown
-- sentiment_label: positive, neutral or negative
-- sentiment_coverage: Share of the words that the lexicon knows
-- country_code: Country of the tagged place
-- state: Brazilian state of the tagged place
-- place_id: Tagged place, see base_places
-- replied_to_id: Post replied to
-- quoted_id: Post quoted
-- retweeted_id: Post repeated
-- edit_first_id: First post of the edit chain
-- edit_last_id: Last post of the edit chain when observed
-- likes: Likes when observed
-- reposts: Reposts when observed
-- replies: Replies when observed
-- quotes: Quotes when observed
-- impressions: Impressions when observed
-- metrics_observed_at: When the figures were observed, UTC
CREATE OR REPLACE SQL SECURITY DEFINER VIEW base_posts AS
SELECT
    t.id AS post_id, IF(
        COALESCE((SELECT s.value FROM report_settings AS s WHERE s.name = 'pseudonymise_authors'), '1') = '0',
        CAST(t.author_id AS CHAR),
        LEFT(SHA2(CONCAT((SELECT s.value FROM report_settings AS s WHERE s.name = 'pseudonym_salt'), t.author_id), 256), 16)
    ) AS author_key,
    t.created_at AS posted_at, t.text, e.language, e.language_detected, e.kind, e.sentiment, e.sentiment_label,
    e.sentiment_coverage, e.country_code, e.state, t.place_id, t.replied_to_id, t.quoted_id, t.retweeted_id,
    t.edit_first_id, t.edit_last_id, t.like_count AS likes, t.retweet_count AS reposts, t.reply_count AS replies,
    t.quote_count AS quotes, t.impression_count AS impressions, t.metrics_observed_at
FROM tweets AS t
JOIN tweet_enrichment AS e ON e.tweet_id = t.id
