//! Rows are pure: whatever the order, grouping and repetition of batches, the same rows remain.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

use std::sync::LazyLock;

use contract::{Tweet, TweetBatch, TweetMetrics, User, content_digest};
use proptest::prelude::*;
use transformer::{
    enrich::{Enriched, Enricher, Received, Source, Trace, enrich},
    rows::{Children, Item, Rows},
};

/// Read once: each case of a property enriches many batches.
static ENRICHER: LazyLock<Enricher> = LazyLock::new(|| Enricher::embedded().unwrap());

fn enriched(batch: TweetBatch) -> Enriched {
    let span = tracing::Span::none();
    enrich(
        &ENRICHER,
        Received { batch, source: Source::default(), trace: Trace::default(), committed_at_ms: 0, span },
    )
}

/// A database in memory: what the upserts do, done by joining rows.
#[derive(Default)]
struct Memory<'a>(Rows<'a>);

impl<'a> Memory<'a> {
    fn apply(self, batches: &[&'a Enriched]) -> Self {
        let mut rows = Rows::default();
        for batch in batches {
            for item in Item::all(&batch.received.batch) {
                rows.add(batch, item).unwrap();
            }
        }
        let (mut all, new) = (self.0, rows.settle());
        all.tweets.extend(new.tweets);
        all.rules.extend(new.rules);
        all.authors.extend(new.authors);
        Self(all.settle())
    }

    fn shown(&self) -> String {
        let Rows { tweets, rules, authors, .. } = &self.0;
        format!("{tweets:#?}\n{rules:#?}\n{authors:#?}\n{:#?}", Children::of(tweets))
    }
}

fn tweet() -> impl Strategy<Value = Tweet> {
    (1..6_i64, "[ab]{0,2}", proptest::option::of(0..9_i64)).prop_map(|(id, text, likes)| Tweet {
        id,
        text,
        metrics: likes.map(|likes| TweetMetrics { like_count: Some(likes), ..TweetMetrics::default() }),
        ..Tweet::default()
    })
}

fn batches() -> impl Strategy<Value = Vec<TweetBatch>> {
    let batch = (
        0..3_i64,
        0..3_usize,
        proptest::collection::vec(tweet(), 0..5),
        proptest::collection::vec(tweet(), 0..5),
    );
    let batch = batch.prop_map(|(at, query, tweets, included)| TweetBatch {
        observed_at: 1_585_137_600_000 + at,
        rule: "covid".to_owned(),
        query_fingerprint: query.to_string(),
        users: vec![User { id: 1, name: Some(at.to_string()), ..User::default() }],
        tweets,
        included,
        ..TweetBatch::default()
    });
    proptest::collection::vec(batch, 1..8).prop_map(|mut batches| {
        for (page, batch) in batches.iter_mut().enumerate() {
            batch.batch_id = format!("covid/1/{page}");
            batch.digest = content_digest(batch);
        }
        batches
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_order_grouping_and_repetition_leaves_the_same_rows(
        (batches, order) in batches().prop_flat_map(|batches| {
            let twice: Vec<usize> = (0..batches.len()).chain(0..batches.len().min(2)).collect();
            (Just(batches), Just(twice).prop_shuffle())
        }),
        group in 1..5_usize,
    ) {
        let batches: Vec<Enriched> = batches.into_iter().map(enriched).collect();
        let straight = batches.iter().fold(Memory::default(), |memory, batch| memory.apply(&[batch]));
        let shuffled: Vec<&Enriched> = order.iter().map(|at| &batches[*at]).collect();
        let shuffled = shuffled.chunks(group).fold(Memory::default(), Memory::apply);
        prop_assert_eq!(straight.shown(), shuffled.shown());
    }
}

#[test]
fn a_post_that_matched_and_is_included_counts_as_matched_with_the_matched_observation() {
    let post = |text: &str| Tweet { id: 1, text: text.to_owned(), ..Tweet::default() };
    let batch = TweetBatch {
        tweets: vec![post("matched")],
        included: vec![post("included")],
        ..TweetBatch::default()
    };
    let batch = enriched(batch);
    let rows = Memory::default().apply(&[&batch]).0;
    assert_eq!((rows.tweets.len(), rows.tweets[0].content.text, rows.rules.len()), (1, "matched", 1));
}
