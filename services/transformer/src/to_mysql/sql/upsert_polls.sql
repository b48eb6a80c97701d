-- The newest observation replaces the whole row; the compared column is assigned last.
INSERT INTO polls (
    id, options, duration_minutes, ends_at, voting_status, extra, observed_at, version
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE
    options = IF(new.version >= polls.version, new.options, polls.options),
    duration_minutes = IF(new.version >= polls.version, new.duration_minutes, polls.duration_minutes),
    ends_at = IF(new.version >= polls.version, new.ends_at, polls.ends_at),
    voting_status = IF(new.version >= polls.version, new.voting_status, polls.voting_status),
    extra = IF(new.version >= polls.version, new.extra, polls.extra),
    observed_at = IF(new.version >= polls.version, new.observed_at, polls.observed_at),
    version = IF(new.version >= polls.version, new.version, polls.version)
