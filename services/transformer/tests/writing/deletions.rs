//! Deletions leave a tombstone that older observations do not pass.

use contract::{Compliance, ComplianceAction};
use transformer::to_mysql::Mode;

use crate::{
    fixtures::{NOON, full, page, post, received},
    server::Place,
};

fn event(action: ComplianceAction, at: i64) -> Compliance {
    Compliance { post_id: 1, action, at, source: "test".to_owned() }
}

#[tokio::test]
async fn a_deleted_post_loses_content_figures_and_children_and_older_observations_stay_out() {
    let place = Place::migrated().await;
    let writer = place.writer().await;
    writer.apply(&[received(page(1, NOON, vec![post(1, "a #b @c", 1)]), 0)], Mode::Once).await.unwrap();
    writer.follow(&[event(ComplianceAction::Delete, NOON + 10)]).await.unwrap();
    writer
        .apply(&[received(page(2, NOON + 5, vec![post(1, "late #b @c", 5)]), 1)], Mode::Once)
        .await
        .unwrap();
    assert_eq!(
        place.count("SELECT COUNT(*) FROM tweets WHERE text IS NULL AND author_id IS NULL AND like_count IS NULL AND details IS NULL").await,
        1
    );
    assert_eq!(place.count("SELECT COUNT(*) FROM tweet_hashtags").await, 0);
    assert_eq!(place.count("SELECT COUNT(*) FROM tweet_mentions").await, 0);
    writer.apply(&[received(page(3, NOON + 20, vec![post(1, "again #b", 7)]), 2)], Mode::Once).await.unwrap();
    assert_eq!(
        place.count("SELECT COUNT(*) FROM tweets WHERE text = 'again #b' AND like_count = 7").await,
        1
    );
    assert_eq!(place.count("SELECT COUNT(*) FROM tweet_hashtags").await, 1);
}

#[tokio::test]
async fn a_tombstone_is_written_for_a_post_not_seen_yet() {
    let place = Place::migrated().await;
    let writer = place.writer().await;
    writer.follow(&[event(ComplianceAction::Delete, NOON + 10)]).await.unwrap();
    writer.apply(&[received(page(1, NOON, vec![post(1, "a #b", 1)]), 0)], Mode::Once).await.unwrap();
    assert_eq!(
        place.count("SELECT COUNT(*) FROM tweets WHERE text IS NULL AND deleted_at IS NOT NULL").await,
        1
    );
    assert_eq!(place.count("SELECT COUNT(*) FROM tweet_hashtags").await, 0);
    // That a rule matched it is no content.
    assert_eq!(place.count("SELECT COUNT(*) FROM tweet_rules").await, 1);
}

#[tokio::test]
async fn an_event_at_no_possible_moment_is_answered() {
    let place = Place::migrated().await;
    let bad = event(ComplianceAction::Delete, i64::MAX);
    assert_eq!(place.writer().await.follow(std::slice::from_ref(&bad)).await.unwrap(), [bad]);
}

#[tokio::test]
async fn media_and_polls_go_with_the_deleted_post_whenever_they_come() {
    for (late, beside_a_bad_post) in [(false, false), (true, false), (true, true)] {
        let place = Place::migrated().await;
        let writer = place.writer().await;
        let mut page = full();
        if beside_a_bad_post {
            // Then each object is written by itself.
            page.tweets.push(contract::Tweet { lang: Some("x".repeat(100)), ..post(2, "bad", 1) });
        }
        let batch = [received(page, 0)];
        let deletion = Compliance {
            post_id: batch[0].received.batch.tweets[0].id,
            ..event(ComplianceAction::Delete, NOON + 99_000)
        };
        if late {
            writer.follow(&[deletion]).await.unwrap();
            writer.apply(&batch, Mode::Once).await.unwrap();
        } else {
            writer.apply(&batch, Mode::Once).await.unwrap();
            writer.follow(&[deletion]).await.unwrap();
        }
        assert_eq!(place.count("SELECT COUNT(*) FROM media").await, 0, "late: {late}");
        assert_eq!(place.count("SELECT COUNT(*) FROM polls").await, 0, "late: {late}");
        assert_eq!(
            place.count("SELECT COUNT(*) FROM tweets WHERE text IS NOT NULL").await,
            1,
            "late: {late}"
        );
    }
}
