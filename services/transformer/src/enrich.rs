//! A batch as it came, with what is derived from it; pure: no async, no clock, no client.

mod domain;
mod enricher;
mod enrichment;
mod fold;
mod language;
mod lexicon;
mod post;
mod region;
mod sentiment;
mod settings;
mod table;
mod topics;
mod version;
mod words;

use std::collections::HashMap;

use contract::{Place, Tweet, TweetBatch};
use tracing::Span;

pub use domain::domain;
pub use enricher::{EnrichError, Enricher, full_text};
pub use enrichment::{Enrichment, Kind, Sentiment, Topic, VERSION};
pub use fold::fold;
pub use post::{Edits, Post, Relations, entities};
pub use settings::EnrichSettings;
pub use version::Version;
pub use words::Words;

/// Where a message lies in Kafka.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
}

/// Ids of the trace that began with `extract page`; empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits: the span that sent the message.
    pub span_id: String,
    /// Whether the trace is kept.
    pub sampled: bool,
}

/// A decoded message.
#[derive(Debug, Clone)]
pub struct Received {
    /// What it carried.
    pub batch: TweetBatch,
    /// Where it lies.
    pub source: Source,
    /// Its trace.
    pub trace: Trace,
    /// Timestamp of the Kafka message (milliseconds since 1970 UTC).
    pub committed_at_ms: i64,
    /// The `process` span: parent of the spans that follow; [`Span::none`] where there is none.
    pub span: Span,
}

/// A batch with all that its rows need beyond what X sent.
#[derive(Debug, Clone)]
pub struct Enriched {
    /// As it was received.
    pub received: Received,
    /// Orders its observations among those of other batches.
    pub version: Version,
    /// Digest of the content: as sent, else computed.
    pub digest: String,
    /// For each of `batch.tweets`.
    pub tweets: Vec<Post>,
    /// For each of `batch.included`.
    pub included: Vec<Post>,
    /// For each of `batch.users`: the location without case and accents.
    pub locations: Vec<Option<String>>,
    /// For each of `batch.places`: the name without case and accents.
    pub place_names: Vec<Option<String>>,
}

/// Derives what the rows need beyond what X sent.
pub fn enrich(enricher: &Enricher, received: Received) -> Enriched {
    let batch = &received.batch;
    let places: HashMap<&str, &Place> = batch.places.iter().map(|place| (place.id.as_str(), place)).collect();
    let post = |tweet: &Tweet| {
        let place = tweet.place_id.as_deref().and_then(|id| places.get(id).copied());
        Post::of(enricher, tweet, place)
    };
    let digest = if batch.digest.is_empty() { contract::content_digest(batch) } else { batch.digest.clone() };
    Enriched {
        version: Version::new(batch.observed_at, &batch.batch_id, &digest),
        digest,
        tweets: batch.tweets.iter().map(post).collect(),
        included: batch.included.iter().map(post).collect(),
        locations: batch.users.iter().map(|user| user.location.as_deref().map(fold)).collect(),
        place_names: batch.places.iter().map(|place| place.name.as_deref().map(fold)).collect(),
        received,
    }
}
