-- The newest observation replaces the whole row; the compared column is assigned last.
INSERT INTO coverage (
    rule, batch_id, kind, from_at, to_at, reason, observed_at, version
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE
    from_at = IF(new.version >= coverage.version, new.from_at, coverage.from_at),
    to_at = IF(new.version >= coverage.version, new.to_at, coverage.to_at),
    reason = IF(new.version >= coverage.version, new.reason, coverage.reason),
    observed_at = IF(new.version >= coverage.version, new.observed_at, coverage.observed_at),
    version = IF(new.version >= coverage.version, new.version, coverage.version)
