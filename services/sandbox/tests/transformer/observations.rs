//! The same post or page seen again, and posts that have to go.

use contract::{Compliance, ComplianceAction, Tweet, TweetBatch, content_digest};
use sandbox::feed::{Pages, Parcel};
use sandbox::process::Ended;
use sandbox::wait;

use crate::stage::{LIMIT, Stage, outcomes, ready, stop};

const PAGES: Pages = Pages { seed: 71, posts: 20 };

/// The page fetched again five seconds later: a post is gone, one has come, one was edited, one has another tag.
fn fetched_again(first: &TweetBatch) -> TweetBatch {
    let mut again = first.clone();
    again.observed_at += 5000;
    again.refetched = true;
    again.tweets.remove(3);
    let id = again.tweets[0].id + 900;
    again.tweets.push(Tweet { id, text: "chegou depois 🐢".to_owned(), ..Tweet::default() });
    again.tweets[5].text.push_str(" (corrigido)");
    again.tweets[5].note = None;
    let entities = again.tweets[6].entities.get_or_insert_default();
    entities.hashtags = vec![contract::Tag { tag: "SóUma".to_owned(), start: None, end: None }];
    again.tweets[6].note = None;
    again.digest = content_digest(&again);
    assert_ne!(again.digest, first.digest);
    again
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_fetched_again_with_other_posts_is_recorded_twice_and_the_newest_observation_wins() {
    let stage = Stage::set().await;
    let service = stage.transformer("one").start().unwrap();
    // In the order of the observations, and the other way round.
    let (one, two) = (PAGES.page("covid", 1, 1), PAGES.page("covid", 2, 1));
    let sent = [one.clone(), fetched_again(&one), fetched_again(&two), two.clone()];
    for batch in &sent {
        stage.feed.send(std::slice::from_ref(batch)).await.unwrap();
        let (id, digest) = (&batch.batch_id, &batch.digest);
        let stored = async || {
            let rows: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM batches WHERE batch_id = ? AND digest = ?")
                    .bind(id)
                    .bind(digest)
                    .fetch_one(&stage.pool)
                    .await
                    .unwrap();
            (rows == 1).then_some(())
        };
        wait::until("the ledger row of a digest", LIMIT, stored).await.unwrap();
    }
    // The same message once more is nothing new.
    stage.feed.send_raw(vec![Parcel::of(&two)]).await.unwrap();
    stage.offsets_at_the_end().await;
    ready(&service).await;
    stop(&service).await;
    for batch in ["covid/1/1", "covid/2/1"] {
        assert_eq!(outcomes(&service)[batch][..2], ["applied", "repeated"], "{batch}");
    }
    assert_eq!(outcomes(&service)["covid/2/1"][2], "known");
    assert_eq!(stage.number("SELECT COUNT(*) FROM batches").await, 4);

    let verdict = stage.verdict().await;
    assert!(verdict.rows.agrees() && verdict.unapplied.is_empty(), "{verdict}");
    assert_eq!(verdict.doubled.child_rows, 0);
    assert_eq!(verdict.money.spending, verdict.money.bill, "both answers were paid for");
    for (first, again) in [(&one, &sent[1]), (&two, &sent[2])] {
        // Gone from the answer is not deleted, and what came is there.
        let (gone, came) = (first.tweets[3].id, again.tweets.last().unwrap().id);
        for id in [gone, came] {
            assert!(text_of(&stage, id).await.0.is_some(), "{id}");
        }
        assert_eq!(
            text_of(&stage, again.tweets[5].id).await.0.as_deref(),
            Some(again.tweets[5].text.as_str())
        );
    }
}

/// Text, whether there is a tombstone, and rows of children.
async fn text_of(stage: &Stage, id: i64) -> (Option<String>, bool, i64) {
    sqlx::query_as(
        "SELECT text, deleted_at IS NOT NULL, (SELECT COUNT(*) FROM tweet_hashtags WHERE tweet_id = tweets.id) \
         + (SELECT COUNT(*) FROM tweet_mentions WHERE tweet_id = tweets.id) \
         + (SELECT COUNT(*) FROM tweet_urls WHERE tweet_id = tweets.id) FROM tweets WHERE id = ?",
    )
    .bind(id)
    .fetch_one(&stage.pool)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_takes_content_away_and_keeps_it_away_also_of_a_post_not_known_yet() {
    let stage = Stage::set().await;
    let service = stage.transformer("one").start().unwrap();
    let (known, later) = (PAGES.page("covid", 1, 1), PAGES.page("covid", 2, 1));
    stage.feed.send(std::slice::from_ref(&known)).await.unwrap();
    stage.all_applied().await;
    let with_children = |batch: &TweetBatch| {
        batch
            .tweets
            .iter()
            .find(|post| post.entities.as_ref().is_some_and(|e| e.hashtags.len() == 2))
            .unwrap()
            .id
    };
    let (stored, unseen) = (with_children(&known), with_children(&later));
    assert!(text_of(&stage, stored).await.2 >= 2);
    let deleted = |post_id: i64, batch: &TweetBatch| {
        let (action, source) = (ComplianceAction::Delete, "test".to_owned());
        Parcel::of_compliance(&Compliance { post_id, action, at: batch.observed_at + 1000, source })
    };
    stage.feed.send_raw(vec![deleted(stored, &known), deleted(unseen, &later)]).await.unwrap();
    let followed = async || {
        let tombstones = stage.number("SELECT COUNT(*) FROM tweets WHERE deleted_at IS NOT NULL").await;
        (tombstones == 2).then_some(())
    };
    wait::until("two tombstones", LIMIT, followed).await.unwrap();
    assert_eq!(text_of(&stage, stored).await, (None, true, 0));

    // Observed before the deletion, applied after it.
    stage.feed.send(std::slice::from_ref(&later)).await.unwrap();
    let mut again = known.clone();
    again.batch_id = "covid/9/1".to_owned();
    again.observed_at += 500;
    stage.feed.send(std::slice::from_ref(&again)).await.unwrap();
    stage.all_applied().await;
    stage.offsets_at_the_end().await;
    assert_eq!(text_of(&stage, stored).await, (None, true, 0));
    assert_eq!(text_of(&stage, unseen).await, (None, true, 0));
    // Others of the same pages are whole.
    let verdict = stage.verdict().await;
    assert_eq!(verdict.rows.matched.changed, [stored, unseen], "{verdict}");

    // One that an operator orders.
    let asked = known.tweets.iter().map(|post| post.id).find(|id| *id != stored).unwrap();
    let spec = stage.transformer("asked");
    let ordered = spec.run(&["compliance", "delete", &asked.to_string()], LIMIT).await.unwrap();
    assert_eq!(ordered.ended, Ended::Exited(0), "{}", ordered.stderr);
    let gone = async || (text_of(&stage, asked).await.1).then_some(());
    wait::until("the tombstone of the post somebody asked for", LIMIT, gone).await.unwrap();
    assert!(verdict.rows.matched.missing.is_empty() && verdict.rows.included.agrees(), "{verdict}");

    // Public again, and observed after that: X showed it once more.
    let mut seen = known.clone();
    seen.batch_id = "covid/10/1".to_owned();
    seen.observed_at += 60_000;
    stage.feed.send(std::slice::from_ref(&seen)).await.unwrap();
    stage.all_applied().await;
    let (text, _, children) = text_of(&stage, stored).await;
    assert!(text.is_some() && children >= 2, "an observation newer than the tombstone");
    assert_eq!(text_of(&stage, unseen).await, (None, true, 0));
    ready(&service).await;
    stop(&service).await;
    assert_eq!(stage.set_aside().await, 0);
}
