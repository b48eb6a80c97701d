//! `replay --reapply` brings every retained batch again and changes no row.

use sandbox::process::Ended;

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_of_everything_in_another_order_leaves_the_rows_as_they_are() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    for walk in 1..=4 {
        scene.feed.send(&scene.pages(walk, 1..=10)).await.unwrap();
    }
    scene.until_batches(&service, 40).await;
    let sums = async || {
        scene
            .count("SELECT CAST(SUM(CRC32(CONCAT_WS('|', tweet_id, text, observed_at, like_count))) AS SIGNED) FROM tweets")
            .await
    };
    let before = (scene.count("SELECT COUNT(*) FROM tweets").await, sums().await);
    for words in [
        &["replay", "--reapply", "--from", "earliest"][..],
        &["replay", "--reapply", "--from", "1h", "--writers", "2", "--order", "reverse"],
    ] {
        let replayed = scene.ask(words).await;
        assert_eq!(replayed.ended, Ended::Exited(0), "{}{}", replayed.stdout, replayed.stderr);
        assert!(replayed.stdout.starts_with("40 batches, "), "{}", replayed.stdout);
        assert_eq!(scene.batches().await, 40);
        assert_eq!((scene.count("SELECT COUNT(*) FROM tweets").await, sums().await), before);
    }
    let none = scene.ask(&["replay", "--reapply", "--from", "0:0"]).await;
    assert_eq!(none.ended, Ended::Exited(0), "{}", none.stderr);
}
