//! The way of a batch: one trace, one row of the ledger, one offset.

use contract::headers;
use sandbox::feed::{Pages, Parcel};
use sandbox::groups::committed;
use sandbox::process::Ended;

use crate::scene::{LIMIT, Scene};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SENDER: &str = "b7ad6b7169203331";

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_goes_on_with_its_trace_and_its_offset_follows_its_rows() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;

    let page = [scene.page()];
    let mut parcel = Parcel::of(&page[0]).on_partition(3);
    parcel.headers.push((headers::TRACEPARENT, format!("00-{TRACE}-{SENDER}-01").into_bytes()));
    scene.feed.send_as(&page, vec![parcel]).await.unwrap();
    scene.until_written(&service).await;
    let ids: (String, String) =
        sqlx::query_as("SELECT trace_id, span_id FROM batches").fetch_one(&scene.rows).await.unwrap();
    assert_eq!(ids, (TRACE.to_owned(), SENDER.to_owned()));

    let sink = &scene.sandbox.trace_sink;
    let process = sink.wait_for("process tweets.batches.v1", LIMIT, |mut spans| spans.pop()).await.unwrap();
    assert_eq!((process.trace_id.as_str(), process.kind.as_str()), (TRACE, "consumer"));
    assert_eq!(process.parent_span_id.as_deref(), Some(SENDER));
    assert_eq!(process.attributes["messaging.kafka.offset"], 0);
    assert_eq!(process.attributes["messaging.destination.partition.id"], "3");
    assert_eq!(process.attributes["garimpo.outcome"], "applied");
    for child in ["enrich batch", "INSERT garimpo"] {
        let child = sink.wait_for(child, LIMIT, |mut spans| spans.pop()).await.unwrap();
        assert_eq!(child.parent_span_id, Some(process.span_id.clone()), "{}", child.name);
    }

    let insert = sink.wait_for("INSERT garimpo", LIMIT, |mut spans| spans.pop()).await.unwrap();
    let write = sink.wait_for("write", LIMIT, |mut spans| spans.pop()).await.unwrap();
    assert_eq!((&insert.links[0].trace_id, &insert.links[0].span_id), (&write.trace_id, &write.span_id));
    assert_eq!(
        (write.events.first(), write.events.last()),
        (Some(&"INSERT batches".into()), Some(&"COMMIT".into()))
    );
    let of_posts = write.events.iter().filter(|event| event.ends_with(" tweet_rules")).count();
    assert_eq!(of_posts, 1, "however many statements: {:?}", write.events);

    assert_eq!(service.terminate(LIMIT).await.unwrap(), Ended::Exited(0));
    let offsets = committed(scene.feed.brokers(), "transformer", "tweets.batches.v1").await.unwrap();
    assert_eq!(offsets.get(&3), Some(&1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_trace_is_not_kept_leaves_no_span_of_its_writing_either() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    for (number, sampled) in [(1, "00"), (2, "01")] {
        let page = [Pages { seed: 7, posts: 10 }.page("quarentena", 1, number)];
        let mut parcel = Parcel::of(&page[0]);
        parcel.headers.push((headers::TRACEPARENT, format!("00-{TRACE}-{SENDER}-{sampled}").into_bytes()));
        scene.feed.send_as(&page, vec![parcel]).await.unwrap();
        let written = async || {
            let count = sqlx::query_scalar("SELECT COUNT(*) FROM batches").fetch_one(&scene.rows);
            count.await.unwrap_or(0) == i64::from(number)
        };
        scene.until(&service, "the batch", written).await;
    }
    // The second batch's spans are there; the first one's would have left before.
    let sink = &scene.sandbox.trace_sink;
    sink.wait_for("INSERT garimpo", LIMIT, |mut spans| spans.pop()).await.unwrap();
    let writes = sink.wait_for("write", LIMIT, |spans| (!spans.is_empty()).then_some(spans)).await.unwrap();
    assert_eq!(writes.len(), 1);
    assert_eq!(service.terminate(LIMIT).await.unwrap(), Ended::Exited(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_older_than_the_traces_starts_one_of_its_own_linked_to_the_first() {
    let scene = Scene::open().await;
    let spec = scene.transformer("transformer").set("traces.kept", "0").set("telemetry.sample_ratio", "1.0");
    let service = scene.running(&spec).await;

    let page = [scene.page()];
    let mut parcel = Parcel::of(&page[0]);
    parcel.headers.push((headers::TRACEPARENT, format!("00-{TRACE}-{SENDER}-01").into_bytes()));
    scene.feed.send_as(&page, vec![parcel]).await.unwrap();
    scene.until_written(&service).await;

    let sink = &scene.sandbox.trace_sink;
    let process = sink.wait_for("process tweets.batches.v1", LIMIT, |mut spans| spans.pop()).await.unwrap();
    assert_ne!(process.trace_id, TRACE);
    assert_eq!(process.parent_span_id, None);
    assert_eq!((process.links[0].trace_id.as_str(), process.links[0].span_id.as_str()), (TRACE, SENDER));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_larger_than_a_fetch_still_comes() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    let mut page = scene.page();
    // Digits of a generator, so that compression does not make it small (Knuth's MMIX constants).
    let numbers = std::iter::successors(Some(1_u64), |n| {
        Some(n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    });
    let digits: String = numbers.take(180_000).map(|n| format!("{n:016x}")).collect();
    page.extra = Some(format!("{{\"digits\":\"{digits}\"}}"));
    assert!(contract::encode(&page).unwrap().len() > 2_800_000);
    scene.feed.send(&[page]).await.unwrap();
    scene.until_written(&service).await;
}
