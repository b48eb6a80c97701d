//! A start that cannot be: one line that names the thing and the way out, and a code that is not 0.

use std::time::Duration;

use contract::topics::{BATCHES, CURSORS};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use sandbox::process::Ended;
use sandbox::service::ServiceSpec;

use crate::scene::{LIMIT, QUERY, RULE, Stage};
use crate::stage::play;

/// EX_CONFIG of sysexits.h.
const CONFIGURATION: i32 = 78;

const NOBODY: Stage = Stage::posts(0);

/// Starts what cannot start; returns what it said.
async fn refused(spec: ServiceSpec, code: i32) -> String {
    // Of its log, errors alone.
    let ended = spec.set("telemetry.log_level", "error").run(&["run"], LIMIT).await.unwrap();
    assert_eq!(ended.ended, Ended::Exited(code), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.starts_with("error: "), "{}", ended.stderr);
    ended.stderr
}

/// The same, where it is to say it in one line, with all of these words.
async fn refused_in_one_line(spec: ServiceSpec, code: i32, words: &[&str]) {
    let said = refused(spec, code).await;
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(words.iter().all(|word| said.contains(word)), "{words:?} are not all in: {said}");
}

#[test]
fn a_configuration_that_cannot_be_is_refused_by_the_name_of_what_is_wrong() {
    play(NOBODY, async |scene| {
        let spec = || scene.extractor();
        let unknown = spec().set("kafka.broker", "127.0.0.1:9092");
        refused_in_one_line(
            unknown,
            CONFIGURATION,
            &["kafka.broker", "EXTRACTOR_KAFKA__BROKER", "did you mean kafka.brokers?"],
        )
        .await;
        let missing = spec().set("x.token_file", "").set("budget.daily_usd", "").set("kafka.brokers", "");
        let said = refused(missing, CONFIGURATION).await;
        for (key, variable) in [
            ("x.token_file", "EXTRACTOR_X__TOKEN_FILE"),
            ("budget.daily_usd", "EXTRACTOR_BUDGET__DAILY_USD"),
            ("kafka.brokers", "EXTRACTOR_KAFKA__BROKERS"),
        ] {
            assert!(said.contains(key) && said.contains(variable), "{said}");
        }
        assert!(said.contains("nothing is collected without a limit"), "{said}");
        let no_file = spec().set("x.token_file", "/nowhere/x.token");
        refused_in_one_line(
            no_file,
            CONFIGURATION,
            &["x.token_file", "/nowhere/x.token", "has to be the path"],
        )
        .await;
        let nothing = spec().set("budget.daily_usd", "0");
        refused_in_one_line(nothing, 1, &["budget.daily_usd", "$0.00", "more than nothing"]).await;
        let little = spec().set("budget.daily_usd", "0.10");
        refused_in_one_line(
            little,
            1,
            &[RULE, "budget.daily_usd = $0.10", "raise the limit, or take fewer expansions"],
        )
        .await;
        let negative = spec().set("budget.daily_usd", "-5");
        refused_in_one_line(
            negative,
            CONFIGURATION,
            &["budget.daily_usd", "EXTRACTOR_BUDGET__DAILY_USD", "-5"],
        )
        .await;
    });
}

#[test]
fn a_rule_that_cannot_be_is_refused_by_its_name() {
    play(NOBODY, async |scene| {
        let long = "covid OR ".repeat(60) + "covid";
        let cases: [(&str, &str, &[&str]); 4] = [
            ("", QUERY, &["rules[0].name", "1 to 64 letters"]),
            ("covid 19", QUERY, &["rules[0].name", "covid 19"]),
            ("empty", " ", &["rule empty", "the query is empty"]),
            ("long", &long, &["rule long", "545 characters, X takes 512", "split the rule in two"]),
        ];
        for (name, query, words) in cases {
            scene.write_rules(&[(name, query)]);
            refused_in_one_line(scene.extractor(), 1, words).await;
        }
        scene.write_rules(&[("twice", QUERY), ("twice", QUERY)]);
        refused_in_one_line(scene.extractor(), 1, &["rule twice", "give each rule its own"]).await;
    });
}

#[test]
fn brokers_that_do_not_answer_are_named() {
    play(NOBODY, async |scene| {
        // A port given to nobody.
        let nobody = sandbox::ports::free().unwrap().to_string();
        let spec = scene.extractor().set("kafka.brokers", &nobody).set("kafka.start_timeout", "1s");
        refused_in_one_line(spec, 1, &["kafka.brokers", &nobody, "start Kafka, or give its address"]).await;
    });
}

#[test]
fn topics_with_other_settings_are_refused_with_what_differs() {
    play(NOBODY, async |scene| {
        let admin: AdminClient<DefaultClientContext> =
            ClientConfig::new().set("bootstrap.servers", scene.sandbox.kafka.brokers()).create().unwrap();
        let cursors = NewTopic::new(CURSORS, 1, TopicReplication::Fixed(1)).set("cleanup.policy", "delete");
        admin.create_topics([&cursors], &AdminOptions::new()).await.unwrap();
        let words =
            [CURSORS, "cleanup.policy is delete, has to be compact", "change them, or remove the topic"];
        refused_in_one_line(scene.extractor(), 1, &words).await;
        assert_eq!(scene.requests().await, 0, "X was asked");

        let removed = admin.delete_topics(&[CURSORS, BATCHES], &AdminOptions::new()).await.unwrap();
        assert!(removed.iter().all(Result::is_ok), "{removed:?}");
        let few = NewTopic::new(BATCHES, 2, TopicReplication::Fixed(1));
        admin.create_topics([&few], &AdminOptions::new()).await.unwrap();
        let said =
            [BATCHES, "partitions is 2, has to be 6", "retention.ms is 604800000, has to be 2592000000"];
        refused_in_one_line(scene.extractor(), 1, &said).await;
    });
}

#[test]
fn a_rule_of_another_identity_is_refused_with_its_owner() {
    play(Stage::posts(60), async |scene| {
        let owner = scene.extractor().start().unwrap();
        scene.all_served_to(&owner).await;
        let thief = scene.extractor_named("thief").set("collect.identity", "thief");
        let asked = scene.simulator().served().await.unwrap().posts;
        refused_in_one_line(
            thief,
            1,
            &[RULE, "it belongs to the identity", "\"thief\"", "give the rule another name"],
        )
        .await;
        let now = scene.simulator().served().await.unwrap().posts;
        assert_eq!(asked.values().map(|times| times.data).max(), now.values().map(|times| times.data).max());
        let verdict = scene.end_with(owner).await;
        crate::scene::assert_agrees(&verdict);
    });
}

#[test]
fn a_token_x_does_not_know_is_said_once_and_not_tried_again() {
    play(Stage::posts(60), async |scene| {
        let token = scene.folder().join("wrong.token");
        std::fs::write(&token, "not-the-token").unwrap();
        let extractor = scene.extractor().set("x.token_file", token.display().to_string()).start().unwrap();
        let reasons = scene
            .until(&extractor, "saying that the token is wrong", async || {
                let (status, body) = extractor.health("ready").await?;
                (status == 503 && body.contains("X refuses the token")).then_some(body)
            })
            .await;
        assert!(reasons.contains("put the right token into x.token_file"), "{reasons}");
        assert!(!(extractor.log() + &reasons).contains("not-the-token"), "the token was told");
        scene.asks_nothing_more().await;
        assert_eq!(scene.answers(401).await, 1);
        assert_eq!(extractor.health("live").await.unwrap().0, 200);
        assert_eq!(extractor.terminate(Duration::from_secs(10)).await.unwrap(), Ended::Exited(0));
    });
}
