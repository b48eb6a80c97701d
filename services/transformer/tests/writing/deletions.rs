//! Deletions leave a tombstone that older observations do not pass.

use contract::{Compliance, ComplianceAction};
use transformer::to_mysql::Mode;

use crate::{
    fixtures::{NOON, page, post, received},
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
