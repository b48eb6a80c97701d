//! Order does not matter: any permutation, grouping and repetition of observations ends in the same rows.

use contract::{Compliance, ComplianceAction, TweetBatch, content_digest};
use proptest::prelude::*;
use transformer::to_mysql::{Mode, Writer};

use crate::{
    fixtures::{NOON, page, post, received, user},
    server::Place,
};

/// What is done to the database.
#[derive(Debug, Clone)]
enum Step {
    Batch(Box<TweetBatch>),
    Event(Compliance),
}

async fn run(writer: &Writer, steps: &[Step], group: usize) {
    for steps in steps.chunks(group) {
        let (mut batches, mut events) = (Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Batch(batch) => batches.push(received((**batch).clone(), batch.page.into())),
                Step::Event(event) => events.push(event.clone()),
            }
        }
        writer.apply(&batches, Mode::Once).await.unwrap();
        writer.follow(&events).await.unwrap();
    }
}

/// Few posts, few moments: ties and overlaps are common.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let tweet = (1..6_i64, 0..4_usize, proptest::option::of(0..9_i64)).prop_map(|(id, words, likes)| {
        let text = ["", "#a #b @c", "#Á", "@c #a #b #d @e"][words];
        let mut tweet = post(id, text, likes.unwrap_or(0));
        // Every other post is the edited form of the one before it.
        if id % 2 == 0 && words > 1 {
            tweet.edit_history = vec![id - 1, id];
        }
        if likes.is_none() {
            tweet.metrics = None;
        }
        tweet
    });
    let tweets = || proptest::collection::vec(tweet.clone(), 0..5);
    let batch = (0..4_i64, tweets(), tweets(), 1..4_i64).prop_map(|(at, tweets, included, author)| {
        let mut batch = page(0, NOON + at * 1_000, tweets);
        batch.included = included;
        batch.users = vec![user(author, &format!("at {at}"))];
        Step::Batch(Box::new(batch))
    });
    let event = (1..6_i64, 0..5_i64, any::<bool>()).prop_map(|(post_id, at, delete)| {
        let action = if delete { ComplianceAction::Delete } else { ComplianceAction::Undelete };
        Step::Event(Compliance { post_id, action, at: NOON + at * 1_000 - 500, source: "test".to_owned() })
    });
    proptest::collection::vec(prop_oneof![4 => batch, 1 => event], 1..8).prop_map(|mut steps| {
        for (number, step) in (1..).zip(&mut steps) {
            if let Step::Batch(batch) = step {
                batch.page = number;
                batch.batch_id = format!("covid/1/{number}");
                batch.digest = content_digest(batch);
            }
        }
        steps
    })
}

fn shuffled() -> impl Strategy<Value = (Vec<Step>, Vec<Step>, usize)> {
    steps().prop_flat_map(|steps| {
        let mut repeated = steps.clone();
        repeated.extend(steps.iter().take(2).cloned());
        (Just(steps), Just(repeated).prop_shuffle(), 1..5_usize)
    })
}

#[test]
fn any_order_grouping_and_repetition_ends_in_the_same_rows() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (one, other) = runtime.block_on(async { (Place::migrated().await, Place::migrated().await) });
    let (write_one, write_other) = runtime.block_on(async { (one.writer().await, other.writer().await) });
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |((steps, shuffled, group) in shuffled())| {
        runtime.block_on(async {
            one.empty().await;
            other.empty().await;
            run(&write_one, &steps, 1).await;
            run(&write_other, &shuffled, group).await;
        });
        let (expected, found) = runtime.block_on(async { (one.everything().await, other.everything().await) });
        prop_assert_eq!(expected, found);
    });
}
