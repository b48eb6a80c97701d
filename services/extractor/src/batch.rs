//! One answer as one batch: its name, its place in the walk, its price and digest. Pure.

mod parts;
#[cfg(test)]
mod tests;

use contract::{BatchId, BatchKind, TweetBatch, content_digest};

use crate::money::{Bill, UsdMicros};
use crate::plan::{Seen, Walk};

pub use parts::parts;

/// How an answer came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// First attempt sent, local clock (milliseconds since 1970).
    pub requested_at: i64,
    /// Answer read whole, local clock (milliseconds since 1970).
    pub received_at: i64,
    /// X's clock (milliseconds since 1970).
    pub observed_at: i64,
    /// Requests it took.
    pub attempts: i32,
    /// An earlier attempt or process may have been billed for this page already.
    pub refetched: bool,
}

/// What an answer is billed for, and what that costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Priced {
    /// Resources.
    pub bill: Bill,
    /// Their price.
    pub cost: UsdMicros,
}

/// The batch of an answer to the walk's next page.
pub fn page(content: TweetBatch, walk: &Walk, seen: &Seen, fetched: Fetched, priced: Priced) -> TweetBatch {
    let cursor = &walk.cursor;
    let covers = walk.covers(seen);
    TweetBatch {
        batch_id: id(walk).to_string(),
        kind: BatchKind::Page,
        rule: cursor.rule.clone(),
        query: cursor.query.clone(),
        query_fingerprint: cursor.query_fingerprint.clone(),
        identity: cursor.identity.clone(),
        walk: cursor.walk,
        page: walk.page(),
        part: 1,
        parts: 1,
        walk_finished: seen.next_token.is_none(),
        covers_from: covers.from,
        covers_to: covers.to,
        since_id: cursor.since_id,
        until_id: cursor.until_id,
        newest_id: seen.newest,
        oldest_id: seen.oldest,
        requested_at: fetched.requested_at,
        received_at: fetched.received_at,
        observed_at: fetched.observed_at,
        attempts: fetched.attempts,
        idle_polls: 0,
        refetched: fetched.refetched,
        cost_usd_micros: priced.cost.0,
        billed_posts: small(priced.bill.posts),
        billed_users: small(priced.bill.users),
        digest: content_digest(&content),
        gap: walk.gap.clone(),
        ..content
    }
}

/// The message of merged polls that found nothing, the last of them this walk.
pub fn idle(walk: &Walk, fetched: Fetched) -> TweetBatch {
    let polls = walk.cursor.idle_polls.saturating_add(1);
    let batch = page(TweetBatch::default(), walk, &Seen::default(), fetched, Priced::default());
    TweetBatch { kind: BatchKind::Idle, idle_polls: polls, ..batch }
}

/// The batch's name.
pub fn id(walk: &Walk) -> BatchId {
    BatchId { rule: walk.cursor.rule.clone(), walk: walk.cursor.walk, page: walk.page(), part: None }
}

fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
