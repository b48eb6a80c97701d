//! What X does wrong for a while: the walk waits or goes round it, loses nothing and buys nothing twice.

use std::time::Duration;

use sandbox::verdict::Verdict;
use serde_json::{Value, json};

use crate::scene::{SEARCH, Scene, Stage, assert_agrees, assert_agrees_after};
use crate::stage::play;

/// About five pages.
const WALK: Stage = Stage::posts(250);

/// A fault of searches that strikes once, after so many went well.
fn fault(kind: &str, after: u32) -> Value {
    json!({ "kind": kind, "after": after, "times": 1, "path": SEARCH })
}

/// Collects everything while these faults strike; all of them must have.
async fn collect(scene: &mut Scene, faults: &[Value], settings: &[(&str, &str)]) -> Verdict {
    scene.simulator().order_faults(&json!(faults)).await.unwrap();
    let spec = settings.iter().fold(scene.extractor(), |spec, (key, value)| spec.set(key, *value));
    let extractor = spec.start().unwrap();
    scene.all_served_to(&extractor).await;
    assert_eq!(scene.simulator().faults().await.unwrap(), json!([]), "a fault did not strike");
    scene.end_with(extractor).await
}

#[test]
fn a_refused_token_in_the_middle_of_a_walk_costs_no_page() {
    play(WALK, async |scene| {
        let verdict = collect(scene, &[fault("bad_token", 1), fault("bad_token", 2)], &[]).await;
        assert_agrees(&verdict);
        let requests = scene.simulator().served().await.unwrap().pages;
        let below = requests.iter().filter(|page| !page.request["until_id"].is_null()).count();
        assert!(below > 0, "no page was asked for below an id");
    });
}

#[test]
fn a_spent_window_is_waited_out() {
    play(WALK, async |scene| {
        let mut spent = fault("rate_limit_window", 2);
        spent["reset_seconds"] = json!(2);
        let verdict = collect(scene, &[spent], &[]).await;
        assert_agrees(&verdict);
        assert_eq!(scene.answers(429).await, 1, "it asked again before the window opened");
    });
}

#[test]
fn more_than_one_request_a_second_and_an_open_stream_are_backed_off_from() {
    play(WALK, async |scene| {
        let faults = [fault("rate_limit_second", 1), fault("too_many_connections", 3)];
        let verdict = collect(scene, &faults, &[]).await;
        assert_agrees(&verdict);
        assert_eq!(scene.answers(429).await, 2);
    });
}

#[test]
fn a_limit_of_one_request_a_second_is_kept_to_by_pausing() {
    const SLOW: Stage = Stage { posts: 120, flags: &["--one-per-second=on"] };
    play(SLOW, async |scene| {
        let verdict = collect(scene, &[], &[]).await;
        assert_agrees(&verdict);
    });
}

#[test]
fn every_5xx_is_asked_again() {
    play(WALK, async |scene| {
        let of = |status: u16, after| {
            let mut fault = fault("server_error", after);
            fault["status"] = json!(status);
            // A gateway's page is no JSON.
            fault["body"] = json!(if status == 502 { "html" } else { "problem" });
            fault
        };
        let verdict = collect(scene, &[of(500, 0), of(502, 1), of(503, 2), of(504, 3)], &[]).await;
        assert_agrees(&verdict);
        for status in [500, 502, 503, 504] {
            assert_eq!(scene.answers(status).await, 1, "{status}");
        }
    });
}

#[test]
fn an_answer_cut_in_its_body_is_asked_again_and_told_as_refetched() {
    play(WALK, async |scene| {
        let verdict = collect(scene, &[fault("cut_body", 2)], &[]).await;
        assert_agrees_after(&verdict, 1);
        assert_eq!(verdict.money.refetched, 1, "\n{verdict}");
        assert_eq!(verdict.doubled.pages_served.len(), 1, "\n{verdict}");
    });
}

#[test]
fn an_answer_that_does_not_come_in_time_is_asked_again() {
    play(WALK, async |scene| {
        let mut slow = fault("slow", 2);
        slow["ms"] = json!(60_000);
        let verdict = collect(scene, &[slow], &[("x.timeout", "1s")]).await;
        assert_agrees_after(&verdict, 1);
        assert_eq!(verdict.money.refetched, 1, "nobody knows whether X billed it\n{verdict}");
    });
}

#[test]
fn posts_deleted_between_two_pages_cost_nobody_else() {
    play(Stage::posts(400), async |scene| {
        let mut delete = fault("delete", 3);
        delete["fraction"] = json!(0.2);
        let verdict = collect(scene, &[delete], &[]).await;
        // What was bought before it vanished is kept: deletions are followed by their own way.
        assert!(verdict.rows_of_topic.agrees() && verdict.money.agrees(), "\n{verdict}");
        assert_eq!((verdict.rows.lost(), verdict.topic.lost()), (0, 0), "\n{verdict}");
        assert!(verdict.rows.matched.beyond.len() > 10, "few vanished\n{verdict}");
        assert!(verdict.doubled.is_nothing() && verdict.unapplied.is_empty(), "\n{verdict}");
    });
}

#[test]
fn posts_that_are_indexed_late_arrive_thanks_to_settle() {
    play(Stage::posts(60), async |scene| {
        let extractor = scene.extractor().set("collect.settle", "3s").start().unwrap();
        scene.all_served_to(&extractor).await;
        let insert = async |text: &str, after: Duration| {
            let posts = json!({ "posts": [{ "text": text }], "visible_after_ms": after.as_millis() });
            let inserted = scene.simulator().insert(&posts).await.unwrap();
            inserted["ids"][0].as_str().unwrap().to_owned()
        };
        let late = insert("covid, found late", Duration::from_secs(2)).await;
        // Younger, and found first: a cursor that took it would never look below it again.
        let early = insert("covid, found at once", Duration::ZERO).await;
        assert!(late < early);
        scene
            .until(&extractor, "served with both", async || {
                let served = scene.simulator().served().await.unwrap().posts;
                (served.contains_key(&late) && served.contains_key(&early)).then_some(())
            })
            .await;
        assert_agrees(&scene.end_with(extractor).await);
    });
}
