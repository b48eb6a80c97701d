//! MySQL or Kafka gone for a while under load: a pause, nothing set aside, and on by itself.

use std::time::Duration;

use sandbox::feed::{Load, Pages};
use sandbox::wait;

use crate::stage::{LIMIT, Stage, applied_at_most_once, ready, stop, unready_for};

const PAGES: Pages = Pages { seed: 21, posts: 20 };
const OUTAGE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn with_mysql_stopped_for_ten_seconds_under_load_it_pauses_and_goes_on_by_itself() {
    let mut stage = Stage::set().await;
    let service = stage.transformer("one").start().unwrap();
    ready(&service).await;
    let load = Load::start(&stage.feed, PAGES, "covid");
    stage.applies(10).await;

    stage.sandbox.mysql.stop().await.unwrap();
    unready_for(&service, &["mysql"]).await;
    let paused = async || {
        let status = |answer: Option<(u16, String)>| answer.map(|(status, _)| status);
        status(service.health("ready").await) == Some(503)
            && status(service.health("live").await) == Some(200)
    };
    let asked = wait::throughout("alive and not ready", OUTAGE, paused).await.unwrap();
    assert!(asked > 50, "asked {asked} times");
    let waiting = stage.feed.sent().batches.len();
    stage.sandbox.mysql.restart().await.unwrap();

    ready(&service).await;
    assert!(stage.ledger().await.len() <= waiting + 10, "nothing was written meanwhile");
    stage.applies(10).await;
    load.end().await.unwrap();
    stage.agrees().await;
    stop(&service).await;
    applied_at_most_once(&[&service]);
    assert_eq!(stage.set_aside().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_kafka_killed_and_restarted_under_load_it_goes_on_where_it_was() {
    let mut stage = Stage::set().await;
    // As by default: a broker that came back may fence a static member, which then has to be started again.
    let service = stage.transformer("one").set("kafka.instance_id", "").start().unwrap();
    ready(&service).await;
    let load = Load::start(&stage.feed, PAGES, "covid");
    stage.applies(10).await;

    stage.sandbox.kafka.kill().await.unwrap();
    unready_for(&service, &["no broker"]).await;
    stage.sandbox.kafka.restart().await.unwrap();

    ready(&service).await;
    stage.applies(10).await;
    load.end().await.unwrap();
    stage.agrees().await;
    assert_eq!(service.health("live").await.map(|(status, _)| status), Some(200));
    stop(&service).await;
    applied_at_most_once(&[&service]);
    assert_eq!(stage.set_aside().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_mysql_comes_back_under_load_with_all_that_was_committed() {
    let mut stage = Stage::set().await;
    let service = stage.transformer("one").start().unwrap();
    let load = Load::start(&stage.feed, PAGES, "covid");
    stage.applies(10).await;
    let before = stage.ledger().await;
    stage.sandbox.mysql.kill().await.unwrap();
    stage.sandbox.mysql.restart().await.unwrap();
    let after = stage.ledger().await;
    assert!(before.is_subset(&after), "committed and lost: {:?}", before.difference(&after));
    stage.offsets_follow_the_ledger().await;
    stage.applies(10).await;
    load.end().await.unwrap();
    stage.agrees().await;
    let ended = service.terminate(LIMIT).await.unwrap();
    assert_eq!(ended, sandbox::process::Ended::Exited(0));
    applied_at_most_once(&[&service]);
    assert_eq!(stage.set_aside().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_answering_in_mid_transaction_is_given_up_and_the_same_rows_come_again() {
    let mut stage = Stage::set().await;
    let service = stage.transformer("one").set("mysql.answer_within", "2s").start().unwrap();
    let load = Load::start(&stage.feed, PAGES, "covid");
    stage.applies(10).await;
    // A writer is within a statement, not between two, when the server stops.
    let mut lock = stage.pool.acquire().await.unwrap();
    sqlx::raw_sql("LOCK TABLES tweets READ").execute(&mut *lock).await.unwrap();
    let waits = async || {
        let waiting =
            "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'";
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(&stage.pool).await.unwrap();
        (waiting > 0).then_some(())
    };
    wait::until("a writer within a statement", LIMIT, waits).await.unwrap();
    stage.sandbox.mysql.freeze(true);
    lock.close_on_drop();
    let told = unready_for(&service, &["no answer within 2 s"]).await;
    assert!(told.contains("writes"), "{told}");
    // As after a power cut: its connections are gone, and nobody was told.
    stage.sandbox.mysql.kill().await.unwrap();
    stage.sandbox.mysql.restart().await.unwrap();
    ready(&service).await;
    stage.applies(10).await;
    load.end().await.unwrap();
    stage.agrees().await;
    stop(&service).await;
    applied_at_most_once(&[&service]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_and_takes_no_row_is_told_all_the_while() {
    let stage = Stage::set().await;
    let service = stage.transformer("one").start().unwrap();
    ready(&service).await;
    sqlx::raw_sql("RENAME TABLE tweets TO tweets_elsewhere").execute(&stage.pool).await.unwrap();
    stage.feed.send(&[PAGES.page("covid", 1, 1)]).await.unwrap();
    unready_for(&service, &["writes", "tweets"]).await;
    // Longer than it takes to ask whether MySQL is there.
    let told = async || matches!(service.health("ready").await, Some((503, _)));
    wait::throughout("not ready", OUTAGE, told).await.unwrap();
    sqlx::raw_sql("RENAME TABLE tweets_elsewhere TO tweets").execute(&stage.pool).await.unwrap();
    stage.agrees().await;
    ready(&service).await;
    stop(&service).await;
    assert_eq!(stage.set_aside().await, 0);
}
