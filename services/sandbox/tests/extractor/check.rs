//! `extractor check`: what is in effect and from where, what it may cost, and what broker and topics lack.

use contract::topics::{BATCHES, CURSORS};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use sandbox::process::Ended;

use crate::scene::{LIMIT, RULE, Stage};
use crate::stage::play;

/// The line that begins with this key.
fn line<'a>(text: &'a str, key: &str) -> &'a str {
    text.lines()
        .find(|line| line.trim_start().starts_with(key))
        .unwrap_or_else(|| panic!("no {key} in {text}"))
}

#[test]
fn check_prints_settings_with_their_origin_and_prices_by_rule_and_changes_nothing() {
    play(Stage::posts(0), async |scene| {
        let checked = scene.extractor().run(&["check"], LIMIT).await.unwrap();
        let text = &checked.stdout;
        assert_eq!(checked.ended, Ended::Exited(0), "{text}{}", checked.stderr);
        let limit = line(text, "budget.daily_usd");
        assert!(limit.contains("100") && limit.contains("EXTRACTOR_BUDGET__DAILY_USD"), "{limit}");
        let block = line(text, "budget.block_usd");
        assert!(block.contains('5') && block.contains("default"), "{block}");
        let query = line(text, "rules[0].query");
        assert!(query.contains("quarentena") && query.contains("rules.toml"), "{query}");
        assert!(!text.contains("simulator-token"), "a secret is printed");
        // 50 posts, each with its author and two further posts.
        let rule = line(text, &format!("{RULE}:"));
        assert!(rule.contains("$1.25 a page of 50") && rule.contains("$54000.00 a day"), "{rule}");
        assert!(rule.contains("the limit stops it at $100.00"), "{rule}");
        assert!(line(text, "author_id").contains("$0.50"), "{text}");
        for topic in [BATCHES, CURSORS] {
            assert!(text.contains(&format!("Topic {topic} does not exist yet")), "{text}");
        }
        assert_eq!(scene.requests().await, 0, "X was asked");
        let batches = sandbox::topics::committed(&scene.sandbox.kafka.brokers(), BATCHES, LIMIT).await;
        assert!(batches.unwrap_err().to_string().contains("there is no topic"), "a topic was made");
    });
}

#[test]
fn check_names_what_token_broker_and_topics_lack_and_ends_with_1() {
    play(Stage::posts(0), async |scene| {
        let admin: AdminClient<DefaultClientContext> =
            ClientConfig::new().set("bootstrap.servers", scene.sandbox.kafka.brokers()).create().unwrap();
        let batches = NewTopic::new(BATCHES, 6, TopicReplication::Fixed(1)).set("retention.ms", "1000");
        admin.create_topics([&batches], &AdminOptions::new()).await.unwrap();
        let spec =
            scene.extractor().set("kafka.replication_factor", "3").set("x.token_file", "/nowhere/x.token");
        let checked = spec.run(&["check"], LIMIT).await.unwrap();
        assert_eq!(checked.ended, Ended::Exited(1), "{}{}", checked.stdout, checked.stderr);
        let (_, lacking) = checked.stdout.split_once("Lacking:").unwrap();
        for words in [
            "kafka.replication_factor is 3, but there are 1 brokers",
            "retention.ms is 1000, has to be 2592000000",
            "/nowhere/x.token",
        ] {
            assert!(lacking.contains(words), "{words} is not in {lacking}");
        }
    });
}
