//! Bad data is set aside alone; the rest of its batch and of its group is stored.

use contract::TweetBatch;
use transformer::to_mysql::{Mode, Outcome, RejectedPost};

use crate::{
    fixtures::{NOON, page, post, received},
    server::Place,
};

/// Each is refused by MySQL or by no column's range.
fn spoilt() -> Vec<(&'static str, contract::Tweet)> {
    let mut long = post(2, "b #t", 1);
    long.lang = Some("x".repeat(100));
    let mut child = post(2, "b #t", 1);
    child.entities.as_mut().unwrap().hashtags[0].tag = "y".repeat(600);
    let mut json = post(2, "b", 1);
    json.extra = Some("{not json".to_owned());
    let mut moment = post(2, "b", 1);
    moment.created_at = Some(i64::MAX);
    vec![("long value", long), ("long child", child), ("no JSON", json), ("no moment", moment)]
}

fn rejected(outcome: &Outcome) -> &[RejectedPost] {
    match outcome {
        Outcome::Applied { rejected, .. }
        | Outcome::Known { rejected }
        | Outcome::Repeated { rejected, .. } => rejected,
        Outcome::Refused { detail } => panic!("refused whole: {detail}"),
    }
}

#[tokio::test]
async fn one_bad_post_is_rejected_and_all_others_are_stored() {
    for (what, bad) in spoilt() {
        let place = Place::migrated().await;
        let writer = place.writer().await;
        let good = received(page(1, NOON, vec![post(10, "good #one", 1)]), 0);
        let mixed = received(page(2, NOON, vec![post(1, "a #t", 1), bad.clone(), post(3, "c #t", 1)]), 1);
        let outcomes = writer.apply(&[good, mixed.clone()], Mode::Once).await.unwrap();
        assert!(rejected(&outcomes[0]).is_empty(), "{what}");
        let [post] = rejected(&outcomes[1]) else { panic!("{what}: {outcomes:?}") };
        assert_eq!((post.section, post.post_id), ("tweets", Some(2)), "{what}");
        assert_eq!((post.alone.tweets.len(), post.alone.users.len()), (1, 0), "{what}");
        assert_eq!(place.count("SELECT COUNT(*) FROM tweets").await, 3, "{what}");
        assert_eq!(place.count("SELECT COUNT(*) FROM tweet_hashtags").await, 3, "{what}");
        assert_eq!(place.count("SELECT COUNT(*) FROM tweet_rules").await, 3, "{what}");
        // A crash after the commit and before it was set aside: the ledger still knows.
        let again = writer.apply(&[mixed], Mode::Once).await.unwrap();
        assert_eq!(rejected(&again[0]), std::slice::from_ref(post), "{what}");
        assert_eq!(again[0].name(), "known");
    }
}

#[tokio::test]
async fn a_rejected_post_can_be_replayed_alone_and_ends_as_if_it_had_never_been_bad() {
    let (place, whole) = (Place::migrated().await, Place::migrated().await);
    let mut batch = page(1, NOON, vec![post(1, "a", 1), post(2, "b #t", 1)]);
    let mended = received(batch.clone(), 0);
    batch.tweets[1].lang = Some("x".repeat(100));
    let writer = place.writer().await;
    let outcomes = writer.apply(&[received(batch, 0)], Mode::Once).await.unwrap();
    let mut alone: TweetBatch = rejected(&outcomes[0])[0].alone.clone();
    alone.tweets[0].lang = Some("pt".to_owned());
    let replayed = writer.apply(&[received(alone, 0)], Mode::Alone).await.unwrap();
    assert!(rejected(&replayed[0]).is_empty(), "{replayed:?}");
    whole.writer().await.apply(&[mended], Mode::Once).await.unwrap();
    assert_eq!(place.everything().await, whole.everything().await);
}

#[tokio::test]
async fn a_bad_user_does_not_take_the_posts_with_it() {
    let place = Place::migrated().await;
    let mut batch = page(1, NOON, vec![post(1, "a", 1)]);
    batch.users[1].username = Some("u".repeat(200));
    let outcomes = place.writer().await.apply(&[received(batch, 0)], Mode::Once).await.unwrap();
    let [user] = rejected(&outcomes[0]) else { panic!("{outcomes:?}") };
    assert_eq!((user.section, user.post_id), ("users", Some(2)));
    assert_eq!(place.count("SELECT COUNT(*) FROM authors").await, 1);
    assert_eq!(place.count("SELECT COUNT(*) FROM tweets").await, 1);
}

#[tokio::test]
async fn a_batch_that_no_ledger_row_can_hold_is_refused_whole_and_its_neighbours_are_stored() {
    let place = Place::migrated().await;
    let mut bad = page(1, NOON, vec![post(1, "a", 1)]);
    bad.rule = "r".repeat(300);
    let mut timeless = page(2, NOON, vec![post(2, "a", 1)]);
    timeless.received_at = i64::MIN;
    let good = received(page(3, NOON, vec![post(3, "c", 1)]), 2);
    let outcomes = place
        .writer()
        .await
        .apply(&[received(bad, 0), received(timeless, 1), good], Mode::Once)
        .await
        .unwrap();
    assert_eq!(outcomes.iter().map(Outcome::name).collect::<Vec<_>>(), ["refused", "refused", "applied"]);
    assert_eq!(place.count("SELECT COUNT(*) FROM tweets").await, 1);
    assert_eq!(place.count("SELECT COUNT(*) FROM batches").await, 1);
}

#[tokio::test]
async fn a_missing_table_pauses_and_sets_nothing_aside() {
    let place = Place::migrated().await;
    let writer = place.writer().await;
    sqlx::raw_sql("RENAME TABLE tweet_urls TO away").execute(&place.root).await.unwrap();
    let mut batch = page(1, NOON, vec![post(1, "a", 1)]);
    let link = contract::Link { url: "https://t.co/x".to_owned(), ..contract::Link::default() };
    batch.tweets[0].entities.as_mut().unwrap().urls = vec![link];
    let batch = [received(batch, 0)];
    let pause = writer.apply(&batch, Mode::Once).await.unwrap_err();
    assert!(pause.to_string().contains("tweet_urls"), "{pause}");
    assert_eq!(place.count("SELECT COUNT(*) FROM batches").await, 0);
    sqlx::raw_sql("RENAME TABLE away TO tweet_urls").execute(&place.root).await.unwrap();
    assert_eq!(writer.apply(&batch, Mode::Once).await.unwrap()[0].name(), "applied");
}
