-- base_authors: Authors and mentioned users; names are NULL while authors are pseudonymised.
-- author_key: User id, or a pseudonym that stays while its salt does; NULL until `transformer accounts apply` made one
-- username: Handle; NULL while pseudonymised
-- name: Display name; NULL while pseudonymised
-- account_created_at: When the account was made, UTC
-- verified: Verified
-- followers: Followers when observed
-- following: Users followed when observed
-- observed_at: When it was observed, UTC
CREATE OR REPLACE SQL SECURITY DEFINER VIEW base_authors AS
SELECT
    IF(
        COALESCE((SELECT s.value FROM report_settings AS s WHERE s.name = 'pseudonymise_authors'), '1') = '0',
        CAST(a.id AS CHAR),
        LEFT(SHA2(CONCAT((SELECT s.value FROM report_settings AS s WHERE s.name = 'pseudonym_salt'), a.id), 256), 16)
    ) AS author_key,
    IF(COALESCE((SELECT s.value FROM report_settings AS s WHERE s.name = 'pseudonymise_authors'), '1') = '0', a.username, NULL) AS username,
    IF(COALESCE((SELECT s.value FROM report_settings AS s WHERE s.name = 'pseudonymise_authors'), '1') = '0', a.name, NULL) AS name,
    a.created_at AS account_created_at, a.verified, a.followers_count AS followers, a.following_count AS following,
    a.observed_at
FROM authors AS a
