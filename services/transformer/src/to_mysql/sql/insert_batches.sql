-- Ledger: inserted first and plainly; 1062 means known. applied_at takes its default.
INSERT INTO batches (
    batch_id, digest, kind, rule, query, query_fingerprint, identity, walk, page, part, parts,
    walk_finished, covers_from, covers_to, since_id, until_id, newest_id, oldest_id, requested_at,
    received_at, observed_at, committed_at, attempts, idle_polls, refetched, cost_usd_micros, billed_posts,
    billed_users, posts, included, users, places, media, polls, errors, unparsed, gap, extra, topic,
    kafka_partition, kafka_offset, trace_id, span_id, trace_sampled
) VALUES /*rows*/
