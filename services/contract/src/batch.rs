//! `TweetBatch`: what one paid answer brought.

use serde::{Deserialize, Serialize};

use crate::{Media, Place, Poll, Tweet, User};

/// What one paid answer brought.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TweetBatch {
    /// Rule/walk/page, and /part where an answer is sent in parts.
    pub batch_id: String,
    /// PAGE: one answer; IDLE: finished walks that found nothing, merged.
    pub kind: BatchKind,
    /// Name of the rule.
    pub rule: String,
    /// Query as sent.
    pub query: String,
    /// SHA-256 of the query, hex, first 16.
    pub query_fingerprint: String,
    /// Extractor that bought it.
    pub identity: String,
    /// Counted from 1 for each rule.
    pub walk: i64,
    /// From 1.
    pub page: i32,
    /// From 1.
    pub part: i32,
    /// Parts of this answer.
    pub parts: i32,
    /// No next_token: everything between the bounds was seen.
    pub walk_finished: bool,
    /// Oldest moment this message vouches for, inclusive; only where known (milliseconds since 1970 UTC).
    pub covers_from: Option<i64>,
    /// Newest moment, exclusive (milliseconds since 1970 UTC).
    pub covers_to: Option<i64>,
    /// Bound of the request.
    pub since_id: Option<i64>,
    /// Bound of the request.
    pub until_id: Option<i64>,
    /// Newest post of the answer.
    pub newest_id: Option<i64>,
    /// Oldest post of the answer.
    pub oldest_id: Option<i64>,
    /// First attempt sent, extractor's clock (milliseconds since 1970 UTC).
    pub requested_at: i64,
    /// Answer read whole, extractor's clock (milliseconds since 1970 UTC).
    pub received_at: i64,
    /// The answer's Date, X's clock: orders observations (milliseconds since 1970 UTC).
    pub observed_at: i64,
    /// Requests it took.
    pub attempts: i32,
    /// Merged polls, for IDLE.
    pub idle_polls: i32,
    /// An earlier attempt or process may have been billed for this page already.
    pub refetched: bool,
    /// Price of this answer, millionths of a dollar.
    pub cost_usd_micros: i64,
    /// Posts priced.
    pub billed_posts: i32,
    /// Users priced.
    pub billed_users: i32,
    /// SHA-256 of the content, hex.
    pub digest: String,
    /// Posts that matched.
    pub tweets: Vec<Tweet>,
    /// Posts they refer to.
    pub included: Vec<Tweet>,
    /// Authors and mentioned users.
    pub users: Vec<User>,
    /// Tagged places.
    pub places: Vec<Place>,
    /// Attachments.
    pub media: Vec<Media>,
    /// Attachments.
    pub polls: Vec<Poll>,
    /// Partial errors.
    pub errors: Vec<PartialError>,
    /// Kept, never dropped; since version 2.
    pub unparsed: Vec<Unparsed>,
    /// A recorded gap that this message reports; since version 2.
    pub gap: Option<Gap>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// What a message stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum BatchKind {
    /// One answer, or a part of it.
    #[default]
    #[serde(rename = "PAGE")]
    Page,
    /// Finished walks that found nothing, merged.
    #[serde(rename = "IDLE")]
    Idle,
}

/// Something X could not give beside what it gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PartialError {
    /// Problem type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Detail.
    pub detail: Option<String>,
    /// Tweet, user ….
    pub resource_type: Option<String>,
    /// Id.
    pub resource_id: Option<String>,
    /// Parameter.
    pub parameter: Option<String>,
    /// Value.
    pub value: Option<String>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// An object of the answer that is no valid post, user, place …: kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Unparsed {
    /// Data, includes.users ….
    pub section: String,
    /// As it came.
    pub json: String,
    /// Why.
    pub reason: String,
}

/// What could not be reached any more.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gap {
    /// Inclusive (milliseconds since 1970 UTC).
    pub from: Option<i64>,
    /// Exclusive (milliseconds since 1970 UTC).
    pub to: Option<i64>,
    /// Why.
    pub reason: String,
}
