//! Two transformers of one group, one of them leaving under load: rebalances lose and double nothing.

use sandbox::feed::{Load, Pages};
use sandbox::mysql::Database;
use sandbox::process::Ended;
use sandbox::service::{Service, ServiceSpec};
use sandbox::wait;

use crate::replays::{replay, tables};
use crate::stage::{LIMIT, Stage, applied_at_most_once, outcomes, ready, stop};

const PAGES: Pages = Pages { seed: 31, posts: 20 };

/// A member that leaves when it ends.
fn member(stage: &Stage, name: &str, protocol: &str) -> ServiceSpec {
    let spec = stage.transformer(name).set("kafka.instance_id", "").set("kafka.group_protocol", protocol);
    // Transactions that overlap a rebalance now and then.
    spec.set("write.posts_per_transaction", "40")
}

/// Waits until the service writes more than it has so far.
async fn writes_on(service: &Service) {
    let written = || outcomes(service).values().map(Vec::len).sum::<usize>();
    let before = written();
    wait::until("a batch that it writes", LIMIT, async || (written() > before + 3).then_some(()))
        .await
        .unwrap_or_else(|error| panic!("{error}: {}", service.process().last_lines()));
}

async fn one_leaves_by_each_way(protocol: &str) {
    let stage = Stage::set().await;
    let (one, two) = (member(&stage, "one", protocol), member(&stage, "two", protocol));
    let first = one.start().unwrap();
    ready(&first).await;
    let load = Load::start(&stage.feed, PAGES, "covid");
    writes_on(&first).await;
    let second = two.start().unwrap();
    writes_on(&second).await;
    writes_on(&first).await;

    stop(&first).await;
    writes_on(&second).await;
    let first = one.start().unwrap();
    writes_on(&first).await;
    writes_on(&second).await;

    second.kill().await.unwrap();
    writes_on(&first).await;
    load.end().await.unwrap();
    stage.agrees().await;
    stop(&first).await;
    applied_at_most_once(&[&first, &second]);
    assert_eq!(stage.set_aside().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_leaves_by_sigterm_and_by_kill_and_nothing_is_lost_or_doubled() {
    one_leaves_by_each_way("classic").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_partitions_assigned_by_the_broker_nothing_is_lost_or_doubled_either() {
    one_leaves_by_each_way("consumer").await;
}

/// Rollups every second, so that the four rollers are in each other's way.
fn one_of_four(stage: &Stage, name: &str) -> ServiceSpec {
    member(stage, name, "classic").set("rollups.interval", "1s")
}

#[tokio::test(flavor = "multi_thread")]
async fn four_that_join_and_leave_under_load_end_in_the_rows_and_rollups_of_one() {
    let stage = Stage::set().await;
    let load = Load::start(&stage.feed, PAGES, "covid");
    let mut members = Vec::new();
    for name in ["one", "two", "three", "four"] {
        let service = one_of_four(&stage, name).start().unwrap();
        ready(&service).await;
        members.push(service);
    }
    writes_on(&members[0]).await;
    stop(&members[3]).await;
    members[2].kill().await.unwrap();
    writes_on(&members[1]).await;
    members[2] = one_of_four(&stage, "three").start().unwrap();
    writes_on(&members[2]).await;
    let rolled = async || {
        (stage.number("SELECT CAST(COALESCE(SUM(posts), 0) AS SIGNED) FROM ds_volume").await > 0)
            .then_some(())
    };
    wait::until("rollups made under load", LIMIT, rolled).await.unwrap();
    load.end().await.unwrap();
    stage.agrees().await;
    for service in &members[..3] {
        stop(service).await;
    }
    applied_at_most_once(&members.iter().collect::<Vec<_>>());

    let spec = stage.transformer("roller");
    let four = tables(&spec, &stage.pool).await;
    assert!(four["rollup_posts_day"].rows > 0 && four["tweet_topics"].rows > 0, "{four:?}");
    let name = format!("{}_alone", stage.name);
    Database::make(&stage.sandbox.mysql, &name).await.unwrap();
    let migrated = stage.migrator().set("mysql.database", &name).run(&["migrate"], LIMIT).await.unwrap();
    assert_eq!(migrated.ended, Ended::Exited(0), "{}", migrated.stderr);
    let alone = stage.transformer("alone").set("mysql.database", &name);
    replay(&alone, &["--writers", "1"]).await;
    let pool = stage.sandbox.mysql.root(&name);
    assert_eq!(tables(&alone, &pool).await, four);
    pool.close().await;
}
