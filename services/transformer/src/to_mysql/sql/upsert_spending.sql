-- The same for a batch that is applied again.
INSERT INTO spending (
    day, batch_id, digest, identity, rule, cost_usd_micros, billed_posts, billed_users, refetched
) VALUES /*rows*/ AS new
ON DUPLICATE KEY UPDATE
    identity = new.identity,
    rule = new.rule,
    cost_usd_micros = new.cost_usd_micros,
    billed_posts = new.billed_posts,
    billed_users = new.billed_users,
    refetched = new.refetched
