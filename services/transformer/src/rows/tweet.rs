//! Rows of `tweets`: content and metrics, each with its own order.

use contract::{Tweet, TweetMetrics};
use time::PrimitiveDateTime;

use super::{
    Refusal,
    details::details,
    moment::{finite, moment, moment_if},
};
use crate::enrich::{Enriched, Post, Version};

/// A row of `tweets`.
#[derive(Debug, Clone)]
pub struct TweetRow<'a> {
    /// Post id.
    pub id: i64,
    /// What it says.
    pub content: Content<'a>,
    /// Its public figures, where the answer had them.
    pub metrics: Option<Metrics<'a>>,
}

/// The content group: replaced whole by its newest observation, its children with it.
#[derive(Debug, Clone)]
pub struct Content<'a> {
    /// The post itself, for its children.
    pub tweet: &'a Tweet,
    /// What is derived from it.
    pub post: &'a Post,
    /// Column of this name.
    pub created_at: Option<PrimitiveDateTime>,
    /// Full text.
    pub text: &'a str,
    /// Cut text, where a note holds the full one.
    pub short_text: Option<&'a str>,
    /// Column of this name.
    pub editable_until: Option<PrimitiveDateTime>,
    /// Degrees.
    pub longitude: Option<f64>,
    /// Degrees.
    pub latitude: Option<f64>,
    /// JSON.
    pub details: Option<String>,
    /// Column of this name.
    pub batch_id: &'a str,
    /// Column `content_observed_at`.
    pub observed_at: PrimitiveDateTime,
    /// Column `content_version`.
    pub version: Version,
}

/// The metrics group: replaced whole by its newest observation.
#[derive(Debug, Clone)]
pub struct Metrics<'a> {
    /// The figures.
    pub figures: &'a TweetMetrics,
    /// Column `metrics_observed_at`.
    pub observed_at: PrimitiveDateTime,
    /// Column `metrics_version`.
    pub version: Version,
}

impl<'a> TweetRow<'a> {
    /// The row of one observation.
    pub(super) fn of(batch: &'a Enriched, tweet: &'a Tweet, post: &'a Post) -> Result<Self, Refusal> {
        let observed_at = moment("observed_at", batch.received.batch.observed_at)?;
        let point = tweet.coordinates.as_ref();
        let content = Content {
            created_at: moment_if("created_at", tweet.created_at)?,
            text: tweet.note.as_ref().map_or(&tweet.text, |note| &note.text),
            short_text: tweet.note.as_ref().map(|_| tweet.text.as_str()),
            editable_until: moment_if(
                "editable_until",
                tweet.edit_controls.as_ref().and_then(|controls| controls.editable_until),
            )?,
            longitude: point.map(|point| finite("longitude", point.longitude)).transpose()?,
            latitude: point.map(|point| finite("latitude", point.latitude)).transpose()?,
            details: details(tweet, &post.relations)?,
            batch_id: &batch.received.batch.batch_id,
            observed_at,
            version: batch.version,
            tweet,
            post,
        };
        let metrics =
            tweet.metrics.as_ref().map(|figures| Metrics { figures, observed_at, version: batch.version });
        Ok(Self { id: tweet.id, content, metrics })
    }

    /// Joins another observation of the same post: each group is taken whole from the newer one, the second of equals.
    pub(super) fn join(&mut self, other: Self) {
        if other.content.version >= self.content.version {
            self.content = other.content;
        }
        let version = |metrics: &Option<Metrics<'_>>| metrics.as_ref().map(|metrics| metrics.version);
        if version(&other.metrics) >= version(&self.metrics) {
            self.metrics = other.metrics;
        }
    }
}
