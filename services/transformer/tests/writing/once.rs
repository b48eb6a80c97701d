//! Each batch is applied once, however often it comes.

use contract::content_digest;
use transformer::to_mysql::{Mode, Outcome};

use crate::{
    fixtures::{NOON, page, post, received},
    server::Place,
};

#[tokio::test]
async fn a_batch_that_comes_again_is_known_and_changes_nothing() {
    let place = Place::migrated().await;
    let writer = place.writer().await;
    let batch = received(page(1, NOON, vec![post(1, "a #b @c", 1), post(2, "d", 2)]), 0);
    let first = writer.apply(std::slice::from_ref(&batch), Mode::Once).await.unwrap();
    assert!(matches!(first[0], Outcome::Applied { rows, .. } if rows.tweets == 2), "{first:?}");
    let before = place.everything().await;
    let again = [batch.clone(), received(page(2, NOON, vec![post(3, "new", 1)]), 1), batch];
    let second = writer.apply(&again, Mode::Once).await.unwrap();
    let names: Vec<_> = second.iter().map(Outcome::name).collect();
    assert_eq!(names, ["known", "applied", "known"]);
    let after = place.everything().await;
    assert_eq!(before["tweets"], after["tweets"][..2]);
    assert_eq!(after["batches"].len(), 2);
}

#[tokio::test]
async fn one_message_twice_in_a_group_is_applied_once() {
    let place = Place::migrated().await;
    let batch = received(page(1, NOON, vec![post(1, "a", 1)]), 0);
    let outcomes = place.writer().await.apply(&[batch.clone(), batch], Mode::Once).await.unwrap();
    assert_eq!(outcomes.iter().map(Outcome::name).collect::<Vec<_>>(), ["applied", "known"]);
}

#[tokio::test]
async fn a_page_fetched_again_with_other_posts_is_upserted_and_both_are_recorded() {
    let place = Place::migrated().await;
    let writer = place.writer().await;
    writer.apply(&[received(page(1, NOON, vec![post(1, "a", 1)]), 0)], Mode::Once).await.unwrap();
    let mut again = page(1, NOON + 5_000, vec![post(1, "a", 9), post(2, "b", 1)]);
    again.refetched = true;
    let outcomes = writer.apply(&[received(again, 1)], Mode::Once).await.unwrap();
    assert_eq!(outcomes[0].name(), "repeated");
    assert_eq!(place.count("SELECT COUNT(*) FROM batches WHERE batch_id = 'covid/1/1'").await, 2);
    assert_eq!(place.count("SELECT like_count FROM tweets WHERE id = 1").await, 9);
    assert_eq!(place.count("SELECT CAST(SUM(cost_usd_micros) AS SIGNED) FROM spending").await, 10_000);
}

#[tokio::test]
async fn reapplying_leaves_every_table_as_it_was_in_the_same_database_and_in_an_empty_one() {
    let (place, empty) = (Place::migrated().await, Place::migrated().await);
    let batches: Vec<_> = (1..6)
        .map(|n| {
            received(
                page(n, NOON + i64::from(n), vec![post(n.into(), "a #b", 1), post(99, "#c", n.into())]),
                n.into(),
            )
        })
        .collect();
    place.writer().await.apply(&batches, Mode::Once).await.unwrap();
    let before = place.everything().await;
    for batch in batches.iter().rev() {
        place.writer().await.apply(std::slice::from_ref(batch), Mode::Reapply).await.unwrap();
        empty.writer().await.apply(std::slice::from_ref(batch), Mode::Reapply).await.unwrap();
    }
    assert_eq!(before, place.everything().await);
    assert_eq!(before, empty.everything().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_that_meet_on_the_same_batches_and_posts_apply_each_once() {
    let place = Place::migrated().await;
    let writer = place.writer().await;
    let batches: Vec<_> = (1..21)
        .map(|n: i32| {
            let posts = (0..20).map(|k| post(i64::from((n * 7 + k) % 40), "x #y", n.into())).collect();
            received(page(n, NOON + i64::from(n), posts), n.into())
        })
        .collect();
    let mut tasks = tokio::task::JoinSet::new();
    for start in 0..4 {
        let (writer, mut batches) = (writer.clone(), batches.clone());
        batches.rotate_left(start * 5);
        tasks.spawn(async move {
            let mut applied = 0;
            for group in batches.chunks(3) {
                let outcomes = writer.apply(group, Mode::Once).await.unwrap();
                applied += outcomes.iter().filter(|outcome| outcome.name() == "applied").count();
            }
            applied
        });
    }
    let applied: usize = tasks.join_all().await.into_iter().sum();
    assert_eq!(applied, 20);
    let alone = Place::migrated().await;
    alone.writer().await.apply(&batches, Mode::Once).await.unwrap();
    assert_eq!(place.everything().await, alone.everything().await);
}

#[tokio::test]
async fn a_digest_that_was_not_sent_is_computed() {
    let place = Place::migrated().await;
    let mut batch = page(1, NOON, vec![post(1, "a", 1)]);
    let digest = content_digest(&batch);
    batch.digest.clear();
    place.writer().await.apply(&[received(batch, 0)], Mode::Once).await.unwrap();
    let stored: String =
        sqlx::query_scalar("SELECT digest FROM batches").fetch_one(&place.root).await.unwrap();
    assert_eq!(stored, digest);
}
