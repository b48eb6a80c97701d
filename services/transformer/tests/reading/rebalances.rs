//! Transformers come and go: every batch is applied once, by either protocol.

use sandbox::groups::committed;

use crate::scene::{LIMIT, Scene};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_member_joins_and_the_first_leaves_by_the_classic_protocol() {
    members_come_and_go("classic").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_member_joins_and_the_first_leaves_by_the_consumer_protocol() {
    members_come_and_go("consumer").await;
}

async fn members_come_and_go(protocol: &str) {
    let scene = Scene::open().await;
    let spec = |name: &str| {
        let spec =
            scene.transformer(name).set("kafka.group_protocol", protocol).set("kafka.session_timeout", "6s");
        spec.set("write.posts_per_transaction", "20")
    };
    let first = scene.running(&spec("first")).await;
    let mut sent = 0;
    for walk in 1..=12 {
        scene.feed.send(&scene.pages(walk, 1..=10)).await.unwrap();
        sent += 10;
    }
    let second = scene.running(&spec("second")).await;
    for walk in 13..=24 {
        scene.feed.send(&scene.pages(walk, 1..=10)).await.unwrap();
        sent += 10;
    }
    second.says("partitions assigned", LIMIT).await.unwrap();
    first.terminate(LIMIT).await.unwrap();
    for walk in 25..=36 {
        scene.feed.send(&scene.pages(walk, 1..=10)).await.unwrap();
        sent += 10;
    }
    scene.until_batches(&second, sent).await;
    assert_eq!(scene.count("SELECT COUNT(DISTINCT batch_id) FROM batches").await, sent);
    second.terminate(LIMIT).await.unwrap();

    // Every partition is committed to its end: the marker of its last transaction alone may follow.
    let offsets =
        committed(&scene.feed.brokers().to_owned(), "transformer", "tweets.batches.v1").await.unwrap();
    let topic = sandbox::topics::committed(scene.feed.brokers(), "tweets.batches.v1", LIMIT).await.unwrap();
    for message in &topic {
        assert!(
            offsets.get(&message.partition).is_some_and(|at| *at > message.offset),
            "{}",
            message.partition
        );
    }
}
