-- ds_domains: Where links lead, X itself left out: a post with links to two hosts counts for both.
-- day: Day in the analysts' time zone (report_timezone)
-- domain: Host, lower case, without www.
-- posts: Posts that matched a rule, edited ones once
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_domains AS
SELECT day, domain, posts
FROM rollup_domains_day
WHERE domain NOT IN ('twitter.com', 'x.com', 't.co', 'pic.twitter.com', 'mobile.twitter.com')
