-- ds_rules: What each rule collected: a post matched by two rules counts for both, so totals come from ds_volume.
-- day: Day in the analysts' time zone (report_timezone)
-- rule: Name of the rule
-- posts: Posts that matched a rule, edited ones once
CREATE OR REPLACE SQL SECURITY DEFINER VIEW ds_rules AS
SELECT day, rule, posts
FROM rollup_rules_day
