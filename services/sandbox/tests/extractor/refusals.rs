//! What X refuses until somebody acts: said once, clearly, and not asked for in a loop.

use std::time::Duration;

use sandbox::process::Ended;
use sandbox::simulator::{Simulator, SimulatorOptions};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::scene::{LIMIT, SEARCH, Scene, Stage, assert_agrees};
use crate::stage::play;

/// About five pages.
const WALK: Stage = Stage::posts(250);

/// X refuses one search in the middle of a walk; the extractor waits for the operator, who acts and starts it again.
fn waits_for_the_operator(kind: &str, status: u16, says: &[&str]) {
    play(WALK, async |scene| {
        let refusal = json!([{ "kind": kind, "after": 2, "times": 1_000_000, "path": SEARCH }]);
        scene.simulator().order_faults(&refusal).await.unwrap();
        let extractor = scene.extractor().start().unwrap();
        let (_, reasons) = scene
            .until(&extractor, "not ready, and saying why", async || {
                let (status, body) = extractor.health("ready").await?;
                (status == 503 && says.iter().all(|word| body.contains(word))).then_some((status, body))
            })
            .await;
        assert_eq!(extractor.health("live").await.unwrap().0, 200, "{reasons}");
        scene.asks_nothing_more().await;
        assert_eq!(scene.answers(status).await, 1, "it asked again\n{}", extractor.log());
        let error = extractor.log();
        assert!(says.iter().all(|word| error.contains(word)), "{error}");
        assert_eq!(extractor.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", extractor.log());
        scene.simulator().forget_faults().await.unwrap();
        let verdict = scene.end_with(scene.extractor().start().unwrap()).await;
        assert_agrees(&verdict);
    });
}

#[test]
fn a_refused_bearer_token_stops_the_rule() {
    waits_for_the_operator("unauthorized", 401, &["X refuses the token", "Unauthorized"]);
}

#[test]
fn a_denied_access_stops_the_rule() {
    waits_for_the_operator("forbidden", 403, &["X denies access", "App that is attached to a Project"]);
}

#[test]
fn spent_credits_stop_everything() {
    waits_for_the_operator("credits", 402, &["the credits at X are spent", "does not have any credits"]);
}

#[test]
fn the_months_cap_stops_everything() {
    waits_for_the_operator("usage_capped", 429, &["the usage cap is reached", "Monthly product cap"]);
}

#[test]
fn a_query_x_refuses_stops_its_rule_and_no_other() {
    play(WALK, async |scene| {
        scene.write_rules(&[("broken", "covid ((("), (crate::scene::RULE, crate::scene::QUERY)]);
        let extractor = scene.extractor().start().unwrap();
        extractor.says("the rule is stopped", LIMIT).await.unwrap();
        let (status, body) = extractor.health("ready").await.unwrap();
        assert_eq!(status, 503, "{body}");
        assert!(
            body.contains("broken") && body.contains("There were errors processing your request"),
            "{body}"
        );
        let verdict = scene.end_with(extractor).await;
        assert_eq!(scene.answers(400).await, 1);
        assert_agrees(&verdict);
    });
}

#[test]
fn a_stale_cursor_heals_by_start_time_and_the_gap_is_recorded() {
    play(WALK, async |scene| {
        let past = OffsetDateTime::now_utc() - Duration::from_secs(9 * 24 * 3600);
        let past_simulator = simulator(scene, "past", past).await;
        let of_now = scene.sandbox.simulator.replace(past_simulator).unwrap();
        scene.write_rules_from(
            past - Duration::from_secs(2 * 3600),
            &[(crate::scene::RULE, crate::scene::QUERY)],
        );
        let extractor = scene.extractor().start().unwrap();
        let bought_then = {
            scene.all_served_to(&extractor).await;
            assert_eq!(extractor.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", extractor.log());
            scene.simulator().bill().await.unwrap().usd_micros
        };

        // Nine days later.
        scene.sandbox.simulator = Some(of_now);
        let extractor = scene.extractor().start().unwrap();
        scene.all_served_to(&extractor).await;
        assert_eq!(scene.answers(400).await, 1, "not one refused since_id\n{}", extractor.log());
        let verdict = scene.end_with(extractor).await;
        assert_eq!((verdict.rows.lost(), verdict.topic.lost()), (0, 0), "\n{verdict}");
        assert!(verdict.rows_of_topic.agrees() && verdict.doubled.is_nothing(), "\n{verdict}");
        assert!(verdict.unapplied.is_empty() && verdict.rejected == 0, "\n{verdict}");
        assert_eq!(verdict.money.spending, verdict.money.bill + i64::try_from(bought_then).unwrap());
        assert_eq!(verdict.money.spending, verdict.money.topic);

        let gaps = scene.gaps().await;
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        let (from, to) = gaps[0];
        let days = (to - from).whole_hours();
        assert!((from - past).abs() < time::Duration::minutes(10), "the gap begins at {from}");
        assert!((47..=49).contains(&days), "two of nine days cannot be reached, not {days} hours");
    });
}

async fn simulator(scene: &Scene, name: &str, now: OffsetDateTime) -> Simulator {
    let options = SimulatorOptions {
        seed: 2,
        posts: 100,
        arguments: vec![format!("--now={}", now.format(&Rfc3339).unwrap())],
        ..SimulatorOptions::default()
    };
    Simulator::start(&scene.folder().join(name), &options).await.unwrap()
}
