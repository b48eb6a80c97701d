//! One bad post in a good batch: it alone is set aside, and stored once its cause is repaired.

use std::time::Duration;

use contract::topics::REJECTED;
use contract::{TweetBatch, content_digest};
use sandbox::feed::{Pages, Parcel};
use sandbox::process::Ended;
use sandbox::proxy::{Api, Rule};
use sandbox::wait;

use crate::stage::{LIMIT, Stage, outcomes, ready, rejected, stop, unready_for};

const PAGES: Pages = Pages { seed: 51, posts: 100 };
/// Longer than the column.
const LANG: &str = "a-language-tag-that-is-longer-than-any-that-X-has-sent-so-far";

fn with_a_bad_post(mut batch: TweetBatch) -> TweetBatch {
    batch.tweets[42].lang = Some(LANG.to_owned());
    batch.digest = content_digest(&batch);
    batch
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_post_in_a_good_batch_is_set_aside_alone_and_replayed_after_the_repair() {
    let stage = Stage::set().await;
    let bad = with_a_bad_post(PAGES.page("covid", 1, 1));
    let bad_id = bad.tweets[42].id;
    let around = [PAGES.page("covid", 2, 1), bad.clone(), PAGES.page("covid", 3, 1)];
    stage.feed.send(&around).await.unwrap();
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    stage.all_applied().await;
    stage.offsets_at_the_end().await;
    ready(&service).await;
    stop(&service).await;

    let verdict = stage.verdict().await;
    assert_eq!(verdict.rows.matched.missing, [bad_id], "{verdict}");
    assert_eq!(verdict.rows.matched.found, 299);
    assert!(verdict.rows.included.agrees() && verdict.rows.matched.changed.is_empty(), "{verdict}");
    assert_eq!(verdict.rejected, 1);
    let listed = rejected(&spec, &["--json"]).await;
    assert_eq!(listed.len(), 1, "{listed:#?}");
    assert_eq!(listed[0]["post_id"], bad_id);
    assert_eq!((&listed[0]["reason"], &listed[0]["section"]), (&"data".into(), &"tweets".into()));
    assert!(listed[0]["detail"].as_str().unwrap().contains("lang"), "{}", listed[0]);

    let early = spec.run(&["rejected", "replay", "--all"], LIMIT).await.unwrap();
    assert_eq!(early.ended, Ended::Exited(1), "nothing is repaired yet: {}", early.stdout);
    sqlx::raw_sql("ALTER TABLE tweets MODIFY lang VARCHAR(100) NULL").execute(&stage.pool).await.unwrap();
    let replayed = spec.run(&["rejected", "replay", "--all"], LIMIT).await.unwrap();
    assert_eq!(replayed.ended, Ended::Exited(0), "{} {}", replayed.stdout, replayed.stderr);
    assert!(replayed.stdout.contains("1 applied, 0 refused"), "{}", replayed.stdout);

    let verdict = stage.verdict().await;
    assert!(verdict.rows.agrees() && verdict.doubled.is_nothing(), "{verdict}");
    let lang: String = sqlx::query_scalar("SELECT lang FROM tweets WHERE id = ?")
        .bind(bad_id)
        .fetch_one(&stage.pool)
        .await
        .unwrap();
    assert_eq!(lang, LANG);
    let open = spec.run(&["rejected", "list"], LIMIT).await.unwrap().stdout;
    assert_eq!(open, "nothing is set aside\n");
    assert_eq!(rejected(&spec, &["--json", "--all"]).await[0]["replayed"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_mysql_refuses_in_twenty_batches_in_a_row_are_kept_until_a_good_batch_comes() {
    let stage = Stage::set().await;
    // One at a time: writers side by side may each have a bad batch in hand when the twentieth is counted.
    let spec = stage.transformer("one").set("write.writers", "1").set("write.posts_per_transaction", "100");
    let service = spec.start().unwrap();
    ready(&service).await;
    for walk in 1..=24 {
        let bad = with_a_bad_post(PAGES.page("bad", walk, 1));
        let parcel = Parcel::of(&bad).on_partition(2);
        stage.feed.send_as(&[bad], vec![parcel]).await.unwrap();
    }
    unready_for(&service, &["20 messages in a row"]).await;
    let kept = async || stage.set_aside().await == 20;
    wait::throughout("the pause", Duration::from_secs(5), kept).await.unwrap();

    stage.applies_on(4, PAGES.page("covid", 1, 1)).await;
    ready(&service).await;
    stop(&service).await;
    assert_eq!(rejected(&spec, &["--json"]).await.len(), 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_commit_and_the_dead_letter_it_still_sets_the_bad_post_aside() {
    let stage = Stage::set().await;
    let bad = with_a_bad_post(PAGES.page("covid", 1, 1));
    stage.feed.send(std::slice::from_ref(&bad)).await.unwrap();
    let spec = stage.behind_kafka_proxy("one");
    let mut letter = stage.sandbox.kafka_proxy.hold(Rule::kafka(Api::Produce).containing(REJECTED));
    let killed = spec.start().unwrap();
    letter.reached(LIMIT).await.unwrap();
    killed.kill().await.unwrap();
    letter.cut();
    assert!(stage.ledger().await.contains("covid/1/1"), "its 99 good posts are committed");
    assert_eq!(stage.set_aside().await, 0);
    assert!(stage.offsets().await.is_empty(), "the offset waits for the letter");

    let service = spec.start().unwrap();
    stage.offsets_at_the_end().await;
    ready(&service).await;
    stop(&service).await;
    assert_eq!(outcomes(&service)["covid/1/1"], ["known"]);
    let listed = rejected(&spec, &["--json"]).await;
    assert_eq!(listed.len(), 1, "{listed:#?}");
    assert_eq!(listed[0]["post_id"], bad.tweets[42].id);
    assert_eq!(stage.verdict().await.rows.matched.missing, [bad.tweets[42].id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_own_row_is_refused_is_set_aside_whole_and_replayed_after_the_repair() {
    let stage = Stage::set().await;
    let mut bad = PAGES.page("covid", 2, 1);
    bad.identity = "extractor-".repeat(40);
    let around = [PAGES.page("covid", 1, 1), PAGES.page("covid", 3, 1)];
    stage.feed.send(&around).await.unwrap();
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    stage.all_applied().await;
    stage.feed.send(std::slice::from_ref(&bad)).await.unwrap();
    stage.offsets_at_the_end().await;
    ready(&service).await;
    stop(&service).await;
    let missing = stage.verdict().await.rows.matched.missing.len();
    assert_eq!(missing, bad.tweets.len(), "all of it, and of nothing else");
    let listed = rejected(&spec, &["--json"]).await;
    assert_eq!(listed.len(), 1, "{listed:#?}");
    assert_eq!(
        (&listed[0]["batch_id"], &listed[0]["post_id"]),
        (&"covid/2/1".into(), &serde_json::Value::Null)
    );
    assert!(listed[0]["detail"].as_str().unwrap().contains("identity"), "{}", listed[0]);

    for table in ["batches", "spending"] {
        let widen = format!("ALTER TABLE {table} MODIFY identity VARCHAR(500) NOT NULL");
        sqlx::raw_sql(sqlx::AssertSqlSafe(widen)).execute(&stage.pool).await.unwrap();
    }
    let replayed = spec.run(&["rejected", "replay", "--id", listed[0]["id"].as_str().unwrap()], LIMIT).await;
    let replayed = replayed.unwrap();
    assert_eq!(replayed.ended, Ended::Exited(0), "{} {}", replayed.stdout, replayed.stderr);
    let verdict = stage.verdict().await;
    assert!(verdict.agrees(), "{verdict}");
}
