//! Two transformers of one group, one of them leaving under load: rebalances lose and double nothing.

use sandbox::feed::{Load, Pages};
use sandbox::service::{Service, ServiceSpec};
use sandbox::wait;

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
