-- ds_gaps: Where the collection has holes: intervals that could not be reached, and those between what was seen.
-- rule: Name of the rule
-- kind: unreachable: reported by the extractor; not seen: no answer vouches for it
-- from_at: Begin, UTC
-- to_at: End, UTC
-- hours: Length
-- reason: Why, where it is known
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_gaps AS
-- Two windows and not one that ends a row before: MySQL makes such a frame anew for each row, a minute for 100,000 answers.
WITH reached AS (
    SELECT
        rule, from_at, to_at,
        MAX(to_at) OVER (PARTITION BY rule ORDER BY from_at, to_at ROWS UNBOUNDED PRECEDING) AS reach
    FROM coverage
    WHERE kind = 'seen' AND from_at IS NOT NULL AND to_at IS NOT NULL
),
seen AS (
    SELECT rule, from_at, LAG(reach) OVER (PARTITION BY rule ORDER BY from_at, to_at) AS seen_to
    FROM reached
)
SELECT
    rule, 'unreachable' AS kind, from_at, to_at,
    ROUND(TIMESTAMPDIFF(SECOND, from_at, to_at) / 3600, 2) AS hours, reason
FROM coverage
WHERE kind = 'gap'
UNION ALL
SELECT
    rule, 'not seen' AS kind, seen_to AS from_at, from_at AS to_at,
    ROUND(TIMESTAMPDIFF(SECOND, seen_to, from_at) / 3600, 2) AS hours, NULL AS reason
FROM seen
WHERE seen_to < from_at
