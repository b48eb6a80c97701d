INSERT INTO tweets (id, author_id, created_at, text, like_count, retweet_count, reply_count, quote_count, metrics_observed_at)
VALUES (1, 7, '2026-11-26 10:00:00', 'açaí 🍇 na quarentena', 5, 4, 3, 2, '2026-11-26 12:30:00');
INSERT INTO tweet_enrichment (tweet_id, kind, language, sentiment, sentiment_label, enrichment_version)
VALUES (1, 'post', 'pt', 0.5, 'positive', 1);
INSERT INTO authors (id, username, name, followers_count) VALUES (7, 'maria_silva', 'Maria Silva', 12);
INSERT INTO tweet_rules (tweet_id, rule, query_fingerprint) VALUES (1, 'quarantine', 'f');
INSERT INTO tweet_topics (tweet_id, topic, hits) VALUES (1, 'quarantine', 1);
INSERT INTO tweet_hashtags (tweet_id, position, tag, tag_folded) VALUES (1, 0, 'Açaí', 'acai');
INSERT INTO tweet_urls (tweet_id, position, url, domain) VALUES (1, 0, 'https://example.org/', 'example.org');
INSERT INTO places (id, full_name, country_code) VALUES ('p', 'Recife, Brasil', 'BR');
INSERT INTO rollup_posts_hour (hour, local_hour, language, kind, sentiment, country_code, state, posts, scored, sentiment_sum)
VALUES ('2026-11-26 10:00:00', '2026-11-26 07:00:00', 'pt', 'post', 'positive', 'BR', 'PE', 1, 1, 0.5);
INSERT INTO rollup_posts_day (day, language, kind, sentiment, country_code, state, posts, scored, sentiment_sum)
VALUES ('2026-11-26', 'pt', 'post', 'positive', 'BR', 'PE', 1, 1, 0.5);
INSERT INTO rollup_topics_day (day, topic, language, posts, scored, sentiment_sum) VALUES ('2026-11-26', 'quarantine', 'pt', 1, 1, 0.5);
INSERT INTO rollup_hashtags_day (day, hashtag, posts) VALUES ('2026-11-26', 'acai', 1);
INSERT INTO rollup_domains_day (day, domain, posts) VALUES ('2026-11-26', 'example.org', 1);
INSERT INTO rollup_rules_day (day, rule, posts) VALUES ('2026-11-26', 'quarantine', 1);
INSERT INTO rollup_engaged_day (day, tweet_id, engagement) VALUES ('2026-11-26', 1, 14);
INSERT INTO batches (batch_id, digest, kind, rule, posts, received_at, applied_at)
VALUES ('quarantine/1/1', 'd', 'PAGE', 'quarantine', 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));
INSERT INTO spending (day, batch_id, digest, rule, cost_usd_micros, billed_posts, billed_users)
VALUES ('2026-11-26', 'quarantine/1/1', 'd', 'quarantine', 15000, 1, 1);
INSERT INTO coverage (rule, batch_id, kind, from_at, to_at, reason)
VALUES ('quarantine', 'quarantine/1/1', 'gap', '2026-11-26 08:00:00', '2026-11-26 09:30:00', 'X answered with 503');
