//! Kafka restarted under load, and the extractor stopped: what is in hand arrives, and is not bought again.

use sandbox::process::{Ended, Signal};

use crate::moment::{At, Page};
use crate::scene::{LIMIT, Stage, assert_agrees};
use crate::stage::play;

/// About eighteen pages.
const LOAD: Stage = Stage::posts(1000);

#[test]
fn kafka_killed_under_load_gets_the_page_in_hand_when_it_is_back_and_x_is_not_asked_again() {
    play(LOAD, async |scene| {
        let page = Page::number(scene, At::EndTxn, 4);
        let extractor = scene.extractor_by_proxy().start().unwrap();
        let in_hand = page.reached(scene).await;
        let asked = scene.requests().await;
        scene.sandbox.kafka.kill().await.unwrap();
        in_hand.cut();
        scene
            .until(&extractor, "not ready for want of Kafka", async || {
                let (status, body) = extractor.health("ready").await?;
                (status == 503 && body.contains("Kafka does not take what was bought")).then_some(())
            })
            .await;
        assert_eq!(extractor.health("live").await.unwrap().0, 200);
        assert_eq!(scene.requests().await, asked, "no page is asked for before the last is committed");
        scene.sandbox.kafka.restart().await.unwrap();
        extractor.ready(LIMIT).await.unwrap();
        assert_agrees(&scene.end_with(extractor).await);
    });
}

#[test]
fn kafka_stopped_and_started_again_under_load_costs_nothing() {
    play(LOAD, async |scene| {
        let page = Page::number(scene, At::Produce, 3);
        let extractor = scene.extractor_by_proxy().start().unwrap();
        page.reached(scene).await.release();
        scene.sandbox.kafka.stop().await.unwrap();
        scene.sandbox.kafka.restart().await.unwrap();
        assert_agrees(&scene.end_with(extractor).await);
    });
}

#[test]
fn sigterm_finishes_the_page_in_hand_exits_with_0_and_flushes_its_spans() {
    play(Stage::posts(400), async |scene| {
        let page = Page::number(scene, At::Produce, 3);
        let extractor = scene.extractor_by_proxy().start().unwrap();
        let in_hand = page.reached(scene).await;
        extractor.process().signal(Signal::TERM);
        in_hand.release();
        assert_eq!(extractor.wait(LIMIT).await.unwrap(), Ended::Exited(0), "{}", extractor.log());

        let batches = scene.batch_ids().await;
        assert_eq!(batches.len(), 3, "{batches:?}");
        let spans = scene.sandbox.trace_sink.spans_named("extract page").await.unwrap();
        let of_scene =
            |id: &String| spans.iter().any(|span| span.attributes["garimpo.batch.id"] == id.as_str());
        assert!(batches.iter().all(of_scene), "{batches:?}\n{spans:?}");
        let verdict = scene.end_with(scene.extractor().start().unwrap()).await;
        assert_agrees(&verdict);
        assert_eq!(verdict.money.refetched, 0, "\n{verdict}");
    });
}
