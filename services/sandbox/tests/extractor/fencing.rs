//! Two extractors with one identity: the older is fenced, says so, buys nothing more, and stays up.

use sandbox::process::Ended;
use sandbox::service::Service;
use serde_json::json;

use crate::moment::{At, Page};
use crate::scene::{LIMIT, SEARCH, Scene, Stage, assert_agrees, assert_agrees_after};
use crate::stage::play;

impl Scene {
    /// Some minutes later there are new posts.
    async fn new_posts(&self) -> Vec<String> {
        let posts: Vec<_> = (0..5).map(|n| json!({ "text": format!("covid notícia {n}") })).collect();
        let inserted = self.simulator().insert(&json!({ "posts": posts })).await.unwrap();
        serde_json::from_value(inserted["ids"].clone()).unwrap()
    }

    /// Waits until `extractor` says that it was fenced, by log and readiness, and sees that it is alive.
    async fn is_fenced(&self, extractor: &Service) {
        extractor.says("took over the identity", LIMIT).await.unwrap();
        let (status, body) = extractor.health("ready").await.unwrap();
        assert_eq!(status, 503, "{body}");
        assert!(body.contains("fenced") && body.contains("took over the identity"), "{body}");
        let (status, body) = extractor.health("live").await.unwrap();
        assert_eq!(status, 200, "{body}");
    }

    /// Stops the newer extractor, and sees that the older one leaves even new posts alone.
    async fn buys_nothing_more(&self, older: &Service, newer: Service) {
        assert_eq!(newer.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", newer.log());
        let posts = self.new_posts().await;
        self.asks_nothing_more().await;
        let served = self.simulator().served().await.unwrap().posts;
        assert!(posts.iter().all(|id| !served.contains_key(id)));
        self.simulator().delete(&posts.iter().map(String::as_str).collect::<Vec<_>>()).await.unwrap();
        self.is_fenced(older).await;
    }
}

#[test]
fn an_extractor_taken_over_with_a_page_in_hand_is_fenced_says_so_and_stays_up() {
    play(Stage::posts(400), async |scene| {
        let page = Page::number(scene, At::Produce, 3);
        let older = scene.extractor_by_proxy().start().unwrap();
        let in_hand = page.reached(scene).await;
        let newer = scene.extractor_named("newer").start().unwrap();
        newer.ready(LIMIT).await.unwrap();
        in_hand.release();
        scene.is_fenced(&older).await;
        scene.all_served_to(&newer).await;
        scene.buys_nothing_more(&older, newer).await;
        assert_eq!(older.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", older.log());
        // The page the older one had in hand, and no other.
        assert_agrees_after(&scene.verdict().await, 1);
    });
}

#[test]
fn an_extractor_taken_over_between_two_walks_buys_not_even_one_page_more() {
    play(Stage::posts(100), async |scene| {
        let older = scene.extractor().start().unwrap();
        scene.all_served_to(&older).await;
        scene.polls(&older, 2).await;
        let newer = scene.extractor_named("newer").start().unwrap();
        newer.ready(LIMIT).await.unwrap();
        scene.new_posts().await;
        scene.all_served_to(&newer).await;
        scene.is_fenced(&older).await;
        scene.buys_nothing_more(&older, newer).await;
        assert_eq!(older.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", older.log());
        assert_agrees(&scene.verdict().await);
    });
}

#[test]
fn an_extractor_taken_over_while_it_backs_off_does_not_ask_again() {
    play(Stage::posts(250), async |scene| {
        let away = json!([{ "kind": "server_error", "after": 2, "times": 1_000_000, "path": SEARCH }]);
        scene.simulator().order_faults(&away).await.unwrap();
        let older = scene.extractor().start().unwrap();
        scene.until(&older, "refused", async || (scene.answers(503).await > 0).then_some(())).await;
        older.freeze(true);
        scene.simulator().forget_faults().await.unwrap();
        let newer = scene.extractor_named("newer").start().unwrap();
        scene.all_served_to(&newer).await;
        older.freeze(false);
        scene.is_fenced(&older).await;
        assert_eq!(older.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", older.log());
        assert_agrees(&scene.end_with(newer).await);
    });
}
