//! kill -9 around the Kafka transaction: the page in hand is fetched again at most once a kill, and nothing is lost.

use sandbox::service::ServiceSpec;

use crate::moment::{At, Page};
use crate::scene::{Scene, Stage, assert_agrees_after};
use crate::stage::play;

/// About nine pages.
const WALK: Stage = Stage::posts(500);

/// Starts the extractor and kills it at this moment of its page number `page`, counted from its start.
async fn start_and_kill(scene: &Scene, spec: &ServiceSpec, at: At, page: u32) {
    let page = Page::number(scene, at, page);
    let extractor = spec.start().unwrap();
    let moment = page.reached(scene).await;
    extractor.kill().await.unwrap();
    moment.cut();
}

/// Kills the extractor once, lets it finish, and returns how often pages were served again.
fn pages_served_again_after_a_kill(at: At, page: u32) -> u64 {
    let mut again = 0;
    play(WALK, async |scene| {
        let spec = scene.extractor_by_proxy();
        start_and_kill(scene, &spec, at, page).await;
        let verdict = scene.end_with(spec.start().unwrap()).await;
        assert_agrees_after(&verdict, 1);
        again = verdict.doubled.pages_served.iter().map(|(_, times)| times).sum();
    });
    again
}

#[test]
fn killed_before_kafka_hears_of_the_transaction_it_fetches_that_page_again_and_no_other() {
    assert_eq!(pages_served_again_after_a_kill(At::AddPartitions, 3), 1);
}

#[test]
fn killed_before_kafka_has_the_batch_it_fetches_that_page_again_and_no_other() {
    assert_eq!(pages_served_again_after_a_kill(At::Produce, 1), 1);
}

#[test]
fn killed_while_the_commit_is_on_its_way_it_fetches_that_page_again_and_no_other() {
    assert_eq!(pages_served_again_after_a_kill(At::EndTxn, 2), 1);
}

#[test]
fn killed_after_the_commit_it_fetches_no_page_again() {
    assert_eq!(pages_served_again_after_a_kill(At::Answered, 3), 0);
}

#[test]
fn several_kills_in_one_walk_cost_at_most_a_page_each() {
    play(WALK, async |scene| {
        let spec = scene.extractor_by_proxy();
        let kills = [(At::Produce, 2), (At::EndTxn, 1), (At::Answered, 2), (At::AddPartitions, 1)];
        for (at, page) in kills {
            start_and_kill(scene, &spec, at, page).await;
        }
        let verdict = scene.end_with(spec.start().unwrap()).await;
        assert_agrees_after(&verdict, kills.len() as u64);
    });
}
