//! Batches of an older release, of an unknown one, and in Confluent's framing.

use contract::{Record, TweetBatch, encode_confluent, encode_version};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use sandbox::feed::{Pages, Parcel};

use crate::registry::Registry;
use crate::stage::{LIMIT, Stage, logged, ready, stop, unready_for};

const PAGES: Pages = Pages { seed: 61, posts: 20 };
const HELD: i32 = 3;
const OTHER: i32 = 1;

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_an_older_schema_is_applied_beside_newer_ones() {
    let stage = Stage::set().await;
    let batches: Vec<TweetBatch> = (1..=6).map(|walk| PAGES.page("covid", walk, 1)).collect();
    let as_of_version = |(batch, version): (&TweetBatch, usize)| {
        Parcel::of(batch).with_value(encode_version(batch, version).unwrap())
    };
    assert!(TweetBatch::VERSIONS.len() > 1);
    let parcels = batches.iter().zip([1, 2].into_iter().cycle()).map(as_of_version).collect();
    stage.feed.send_as(&batches, parcels).await.unwrap();
    let service = stage.transformer("one").start().unwrap();
    stage.agrees().await;
    ready(&service).await;
    stop(&service).await;
    assert_eq!(stage.set_aside().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_an_unknown_schema_pauses_its_partition_alone_and_says_what_is_needed() {
    let stage = Stage::set().await;
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    let send = async |rule: &str, walk: i64, partition: i32| {
        let batch = PAGES.page(rule, walk, 1);
        let parcel = Parcel::of(&batch).on_partition(partition);
        stage.feed.send_as(&[batch], vec![parcel]).await.unwrap();
    };
    send("covid", 1, HELD).await;
    stage.all_applied().await;
    let mut unknown = Parcel::of(&PAGES.page("future", 1, 1)).on_partition(HELD);
    unknown.value[2..10].fill(0xde);
    let place = stage.feed.send_raw(vec![unknown]).await.unwrap()[0];
    assert_eq!(place.0, HELD);
    let told = unready_for(&service, &["schema dededededededede is unknown", "deploy a newer one"]).await;
    assert!(told.contains(&format!("tweets.batches.v1/{HELD} waits at offset {}", place.1)), "{told}");

    send("other", 1, OTHER).await;
    send("other", 2, OTHER).await;
    stage.all_applied().await;
    send("covid", 2, HELD).await;
    send("other", 3, OTHER).await;
    let others = async || stage.ledger().await.contains("other/3/1").then_some(());
    sandbox::wait::until("a batch of another partition", LIMIT, others).await.unwrap();
    assert!(!stage.ledger().await.contains("covid/2/1"), "what follows the unknown one waits");
    assert_eq!(stage.offsets().await.get(&HELD).copied(), Some(place.1));
    let alive = service.health("live").await.unwrap();
    assert_eq!(alive.0, 200);
    stop(&service).await;

    // Nothing reads it, so an operator drops it: everything up to and with it.
    delete_up_to(&stage.brokers(), place.0, place.1 + 1).await;
    let service = spec.start().unwrap();
    stage.all_applied().await;
    stage.offsets_at_the_end().await;
    ready(&service).await;
    stop(&service).await;
    let verdict = stage.verdict().await;
    assert!(
        verdict.rows.agrees() && verdict.unapplied.is_empty() && verdict.doubled.is_nothing(),
        "{verdict}"
    );
    assert_eq!(verdict.unheard_of, ["covid/1/1"], "dropped with the unknown one, after it was applied");
    assert_eq!(stage.set_aside().await, 0);
}

async fn delete_up_to(brokers: &str, partition: i32, offset: i64) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create().unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(contract::topics::BATCHES, partition, Offset::Offset(offset)).unwrap();
    let options = AdminOptions::new().operation_timeout(Some(LIMIT));
    let left = admin.delete_records(&list, &options).await.unwrap();
    assert_eq!(left.elements()[0].offset(), Offset::Offset(offset));
}

#[tokio::test(flavor = "multi_thread")]
async fn confluents_framing_is_read_once_the_registry_knows_the_id() {
    let stage = Stage::set().await;
    let registry = Registry::start().await;
    let newest = TweetBatch::VERSIONS.last().unwrap();
    registry.register(7, newest);
    let framed = |batch: &TweetBatch, id: u32, partition: i32| {
        Parcel::of(batch).with_value(encode_confluent(batch, id).unwrap()).on_partition(partition)
    };
    let batches: Vec<TweetBatch> = (1..=4).map(|walk| PAGES.page("covid", walk, 1)).collect();
    let parcels = vec![
        framed(&batches[0], 7, HELD),
        Parcel::of(&batches[1]),
        framed(&batches[2], 7, OTHER),
        framed(&batches[3], 8, HELD),
    ];
    stage.feed.send_as(&batches, parcels).await.unwrap();

    let service = stage.transformer("one").set("schema_registry.url", &registry.url).start().unwrap();
    unready_for(&service, &["schema id 8", "404"]).await;
    for id in ["covid/1/1", "covid/2/1", "covid/3/1"] {
        let applied = async || stage.ledger().await.contains(id).then_some(());
        sandbox::wait::until(id, LIMIT, applied).await.unwrap();
    }
    assert!(!stage.ledger().await.contains("covid/4/1"));
    registry.register(8, newest);
    stage.agrees().await;
    ready(&service).await;
    stop(&service).await;
    assert_eq!(stage.set_aside().await, 0);
    assert_eq!(logged(&service, "set aside"), Vec::<serde_json::Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn confluents_framing_without_a_registry_waits_and_names_the_setting() {
    let stage = Stage::set().await;
    let batch = PAGES.page("covid", 1, 1);
    let parcel = Parcel::of(&batch).with_value(encode_confluent(&batch, 7).unwrap());
    stage.feed.send_as(&[batch], vec![parcel]).await.unwrap();
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    unready_for(&service, &["schema id 7", "schema_registry.url"]).await;
    stop(&service).await;
    assert_eq!(stage.set_aside().await, 0);

    let registry = Registry::start().await;
    registry.register(7, TweetBatch::VERSIONS.last().unwrap());
    let service = spec.set("schema_registry.url", &registry.url).start().unwrap();
    stage.agrees().await;
    stop(&service).await;
}
