//! Records of the cursor topic: where each rule stands, what was spent, who runs.

use serde::{Deserialize, Serialize};

/// Where a rule's collection stands; committed with each page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cursor {
    /// Name of the rule.
    pub rule: String,
    /// Extractor that owns the rule.
    pub identity: String,
    /// Query as sent.
    pub query: String,
    /// SHA-256 of the query, hex, first 16.
    pub query_fingerprint: String,
    /// Number of the current or last walk, 0 before the first.
    pub walk: i64,
    /// The walk has further pages.
    pub open: bool,
    /// Last committed page of the walk, 0 before its first.
    pub page: i32,
    /// Lower bound of this walk, the same on every page.
    pub since_id: Option<i64>,
    /// Lower bound where there is no since_id (milliseconds since 1970 UTC).
    pub start_time: Option<i64>,
    /// Upper bound of this walk (settle) (milliseconds since 1970 UTC).
    pub end_time: Option<i64>,
    /// Upper bound of this walk once a token was refused or the query changed: the oldest id seen by then.
    pub until_id: Option<i64>,
    /// Newest id of page 1 of this walk.
    pub newest_id: Option<i64>,
    /// Oldest id seen in this walk.
    pub oldest_id: Option<i64>,
    /// Of the last committed page.
    pub next_token: Option<String>,
    /// Newest id of page 1 of the last finished walk that found posts: the next since_id.
    pub last_newest_id: Option<i64>,
    /// Everything before this moment was seen and reported by a message (milliseconds since 1970 UTC).
    pub covered_to: Option<i64>,
    /// Polls not yet reported.
    pub idle_polls: i32,
    /// First of them (milliseconds since 1970 UTC).
    pub idle_since: Option<i64>,
    /// The page after the last committed one may have been asked for and billed.
    pub in_flight: bool,
    /// Extractor's clock (milliseconds since 1970 UTC).
    pub updated_at: i64,
}

/// What one extractor reserved and spent on one UTC day of X's clock.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Money {
    /// Extractor.
    pub identity: String,
    /// YYYY-MM-DD, UTC.
    pub day: String,
    /// Limit in force.
    pub limit_usd_micros: i64,
    /// Reserved and not settled.
    pub reserved_usd_micros: i64,
    /// Settled: the price of committed answers.
    pub spent_usd_micros: i64,
    /// What answers that were never committed may have cost at most: a cut body, a process that died.
    pub carried_usd_micros: i64,
    /// Most that one request of this process may cost.
    pub page_usd_micros: i64,
    /// Extractor's clock (milliseconds since 1970 UTC).
    pub updated_at: i64,
}

/// A process took this identity.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Started {
    /// Extractor.
    pub identity: String,
    /// Unique to the process: host, process id, random.
    pub instance: String,
    /// Of the program.
    pub version: String,
    /// Extractor's clock (milliseconds since 1970 UTC).
    pub started_at: i64,
}

/// One line of what `transformer cursors export` writes and `extractor cursors import` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Where a rule stands.
    Cursor(Box<Cursor>),
    /// What an identity spent on its last day.
    Money(Money),
}
