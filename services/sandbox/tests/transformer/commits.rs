//! Deaths and cuts around MySQL's COMMIT and the offset's: each batch is applied once, offsets follow.

use contract::TweetBatch;
use sandbox::feed::Pages;
use sandbox::proxy::{Api, Rule};

use crate::stage::{LIMIT, Stage, applied_at_most_once, outcomes, ready, stop};

const PAGES: Pages = Pages { seed: 11, posts: 20 };

/// Walks of two rules: posts that are seen again lie on other partitions than they were first seen on.
fn batches() -> Vec<TweetBatch> {
    let walks = (1..=4).flat_map(|walk| (1..=6).map(move |page| (walk, page)));
    let rules = ["covid", "quarentena"];
    walks.flat_map(|(walk, page)| rules.map(|rule| PAGES.page(rule, walk, page))).collect()
}

/// Several transactions for what [`batches`] gives.
const POSTS: &str = "100";

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_mysqls_commit_it_applies_everything_once_after_its_restart() {
    let stage = Stage::set().await;
    let spec = stage.behind_mysql_proxy("one").set("write.posts_per_transaction", POSTS);
    let mut commit = stage.sandbox.mysql_proxy.hold(Rule::mysql("COMMIT").number(2));
    stage.feed.send(&batches()).await.unwrap();
    let killed = spec.start().unwrap();
    commit.reached(LIMIT).await.unwrap();
    killed.kill().await.unwrap();
    commit.cut();
    let before = stage.ledger().await;
    assert!(before.len() < batches().len(), "one transaction was held");
    stage.offsets_follow_the_ledger().await;

    let service = spec.start().unwrap();
    stage.agrees().await;
    stop(&service).await;
    applied_at_most_once(&[&service]);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_when_mysql_has_committed_and_it_does_not_know_it_finds_the_batches_known() {
    let stage = Stage::set().await;
    let spec = stage.behind_mysql_proxy("one").set("write.posts_per_transaction", POSTS);
    let mut commit = stage.sandbox.mysql_proxy.hold(Rule::mysql("COMMIT").number(2).after_answer());
    stage.feed.send(&batches()).await.unwrap();
    let killed = spec.start().unwrap();
    commit.reached(LIMIT).await.unwrap();
    killed.kill().await.unwrap();
    commit.cut();
    let told: Vec<String> = outcomes(&killed).into_keys().collect();
    let untold: Vec<String> = stage.ledger().await.into_iter().filter(|id| !told.contains(id)).collect();
    assert!(!untold.is_empty(), "the held transaction is committed");
    stage.offsets_follow_the_ledger().await;

    let service = spec.start().unwrap();
    stage.agrees().await;
    stop(&service).await;
    applied_at_most_once(&[&service]);
    let outcomes = outcomes(&service);
    for batch in untold {
        assert_eq!(outcomes[&batch], ["known"], "{batch}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_mysqls_commit_and_the_offsets_it_passes_over_what_is_known() {
    let stage = Stage::set().await;
    let spec = stage.behind_kafka_proxy("one").set("write.posts_per_transaction", POSTS);
    let mut commit = stage.sandbox.kafka_proxy.hold(Rule::kafka(Api::OffsetCommit));
    stage.feed.send(&batches()).await.unwrap();
    let killed = spec.start().unwrap();
    commit.reached(LIMIT).await.unwrap();
    stage.all_applied().await;
    killed.kill().await.unwrap();
    commit.cut();
    assert!(stage.offsets().await.is_empty(), "no offset was committed");

    let service = spec.start().unwrap();
    stage.agrees().await;
    stop(&service).await;
    applied_at_most_once(&[&service]);
    assert!(outcomes(&service).values().all(|outcomes| outcomes.last().unwrap() == "known"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_before_mysql_gets_the_commit_loses_nothing_and_sets_nothing_aside() {
    let stage = Stage::set().await;
    let mut commit = stage.sandbox.mysql_proxy.hold(Rule::mysql("COMMIT").number(2));
    stage.feed.send(&batches()).await.unwrap();
    let spec = stage.behind_mysql_proxy("one").set("write.posts_per_transaction", POSTS);
    let service = spec.start().unwrap();
    commit.reached(LIMIT).await.unwrap();
    commit.cut();
    stage.agrees().await;
    ready(&service).await;
    stop(&service).await;
    applied_at_most_once(&[&service]);
    assert!(outcomes(&service).values().all(|outcomes| *outcomes == ["applied"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_cut_after_mysql_got_the_commit_doubles_nothing_and_sets_nothing_aside() {
    let stage = Stage::set().await;
    let mut commit = stage.sandbox.mysql_proxy.hold(Rule::mysql("COMMIT").number(2).after_answer());
    stage.feed.send(&batches()).await.unwrap();
    let spec = stage.behind_mysql_proxy("one").set("write.posts_per_transaction", POSTS);
    let service = spec.start().unwrap();
    commit.reached(LIMIT).await.unwrap();
    commit.cut();
    stage.agrees().await;
    ready(&service).await;
    stop(&service).await;
    applied_at_most_once(&[&service]);
    let known = outcomes(&service).into_values().filter(|outcomes| *outcomes == ["known"]).count();
    assert!(known > 0, "the cut transaction was committed");
}
