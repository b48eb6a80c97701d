//! Messages that will never be read: set aside with their reason, while the rest goes on.

use std::time::Duration;

use sandbox::feed::{Pages, Parcel};
use sandbox::wait;
use serde_json::Value;

use crate::stage::{LIMIT, Stage, ready, rejected, stop, unready_for};

const PAGES: Pages = Pages { seed: 41, posts: 10 };

/// A parcel that is no batch: text, a cut one, one with a byte too many, one with a damaged length, none at all.
fn poison() -> Vec<(Parcel, &'static str)> {
    let whole = Parcel::of(&PAGES.page("poison", 1, 1));
    let value = whole.value.clone();
    let cut = value[..value.len() / 2].to_vec();
    let longer = [value.as_slice(), &[0]].concat();
    let mut damaged = value;
    // The batch id's length, just after marker and fingerprint: below zero.
    damaged[10] = 0x01;
    [
        (b"not Avro at all".to_vec(), "neither Avro single-object nor Confluent framing"),
        (cut, "Avro body"),
        (longer, "1 bytes follow the record"),
        (damaged, "Avro body"),
        (Vec::new(), "neither Avro single-object nor Confluent framing"),
    ]
    .map(|(value, reason)| (whole.clone().with_value(value), reason))
    .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_is_set_aside_with_its_reason_and_the_rest_goes_on() {
    let stage = Stage::set().await;
    let mut places = Vec::new();
    for (at, (parcel, reason)) in (1..).zip(poison()) {
        stage.feed.send(&[PAGES.page("covid", at, 1)]).await.unwrap();
        // On the partition of the good batch before and of the one after it.
        let partition = stage.feed.sent().batches[&format!("covid/{at}/1")][0].0;
        let sent = stage.feed.send_raw(vec![parcel.on_partition(partition)]).await.unwrap();
        places.push((sent[0], reason));
        stage.feed.send(&[PAGES.page("covid", at, 2)]).await.unwrap();
    }
    let spec = stage.transformer("one");
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
    let listed = rejected(&spec, &["--json"]).await;
    assert_eq!(listed.len(), places.len(), "{listed:#?}");
    for ((partition, offset), reason) in places {
        let id = format!("tweets.batches.v1/{partition}/{offset}");
        let line = listed.iter().find(|line| line["id"] == id.as_str()).unwrap();
        assert_eq!(line["reason"], "decode");
        assert_eq!(line["batch_id"], "poison/1/1");
        assert!(line["detail"].as_str().unwrap().contains(reason), "{line}");
    }
    let table = spec.run(&["rejected", "list"], LIMIT).await.unwrap().stdout;
    assert!(table.starts_with("ID") && table.contains("neither Avro"), "{table}");
    assert_eq!(table.lines().count(), 1 + listed.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_bad_messages_in_a_row_pause_until_a_good_one_comes() {
    let stage = Stage::set().await;
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    ready(&service).await;
    let bad = Parcel::of(&PAGES.page("poison", 1, 1)).with_value(b"not Avro".to_vec()).on_partition(2);
    stage.feed.send_raw(vec![bad; 25]).await.unwrap();
    let told = unready_for(&service, &["20 messages in a row"]).await;
    assert!(told.contains("transformer rejected list"), "{told}");
    let paused = async || matches!(service.health("ready").await, Some((503, _)));
    wait::throughout("the pause", Duration::from_secs(3), paused).await.unwrap();
    assert_eq!(stage.set_aside().await, 20);

    stage.applies_on(4, PAGES.page("covid", 1, 1)).await;
    ready(&service).await;
    stop(&service).await;
    assert_eq!(rejected(&spec, &["--json"]).await.len(), 25);
    assert!(stage.verdict().await.rows.agrees());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partition_whose_last_message_was_the_twentieth_bad_one_goes_on_with_the_next_good_one() {
    let stage = Stage::set().await;
    let service = stage.transformer("one").start().unwrap();
    ready(&service).await;
    let bad = Parcel::of(&PAGES.page("poison", 1, 1)).with_value(b"not Avro".to_vec()).on_partition(2);
    stage.feed.send_raw(vec![bad; 20]).await.unwrap();
    unready_for(&service, &["20 messages in a row"]).await;
    stage.applies_on(2, PAGES.page("covid", 1, 1)).await;
    ready(&service).await;
    stop(&service).await;
    assert_eq!(stage.set_aside().await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_message_that_is_replayed_is_refused_again_and_stays_listed() {
    let stage = Stage::set().await;
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    let (parcel, _) = poison().swap_remove(1);
    let places = stage.feed.send_raw(vec![parcel]).await.unwrap();
    let aside = async || (stage.set_aside().await == 1).then_some(());
    wait::until("the dead letter", LIMIT, aside).await.unwrap();
    stop(&service).await;
    let id = format!("tweets.batches.v1/{}/{}", places[0].0, places[0].1);
    let replayed = spec.run(&["rejected", "replay", "--id", &id], LIMIT).await.unwrap();
    assert_eq!(replayed.ended, sandbox::process::Ended::Exited(1), "{}", replayed.stderr);
    assert!(replayed.stdout.contains("0 applied, 1 refused"), "{}", replayed.stdout);
    let listed: Vec<Value> = rejected(&spec, &["--json"]).await;
    assert_eq!(listed.len(), 1);
    let unknown = spec.run(&["rejected", "replay", "--id", "tweets.batches.v1/9/9"], LIMIT).await.unwrap();
    assert_eq!(unknown.ended, sandbox::process::Ended::Exited(1));
    assert!(unknown.stderr.contains("tweets.batches.v1/9/9"), "{}", unknown.stderr);
}
