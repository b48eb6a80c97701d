//! Where a rule's collection goes on: from its cursor to the next request, and from an answer to the next cursor. Pure.
//!
//! A walk goes from the newest post down to where the last one began. Its bounds are fixed when it begins and the same
//! on every page; a restart asks for the very page that is missing.

mod cover;
mod heal;
#[cfg(test)]
mod tests;

use contract::{Cursor, Gap};
use time::OffsetDateTime;
use x_api::{SearchRequest, Since, TweetId, Until};

use crate::rules::Rule;

pub use cover::{Cover, snowflake_millis};
/// Without a `settle` X answers up to about so many milliseconds ago.
const NEWEST_MS: i64 = 10_000;

/// What a plan needs of a rule and of X.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Query as sent.
    pub query: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Distance of page 1 from now, milliseconds; 0 sends no bound.
    pub settle: i64,
    /// How far back X gives posts, milliseconds.
    pub window: i64,
}

/// A walk in hand: the cursor as it will stand, and what could not be reached any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// With the bounds of the walk and the last page before this one.
    pub cursor: Cursor,
    /// Reported by the next message.
    pub gap: Option<Gap>,
}

/// What to do with a rule now.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Ask for the next page.
    Ask(Walk),
    /// The rest of the walk cannot be reached any more: end it without a request.
    Close(Walk),
    /// Nothing before this moment of X's clock (milliseconds since 1970).
    Wait(i64),
}

/// What an answer says of the way on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Newest post.
    pub newest: Option<i64>,
    /// Oldest post.
    pub oldest: Option<i64>,
    /// `None`: the walk is finished.
    pub next_token: Option<String>,
}

/// The cursor of a rule that begins at `from` (milliseconds since 1970).
pub fn claim(rule: &str, identity: &str, terms: &Terms, from: i64) -> Cursor {
    Cursor {
        rule: rule.to_owned(),
        identity: identity.to_owned(),
        query: terms.query.clone(),
        query_fingerprint: terms.fingerprint.clone(),
        covered_to: Some(whole_second(from)),
        ..Cursor::default()
    }
}

/// What to do with a rule at `now`, X's clock in milliseconds.
pub fn next(cursor: &Cursor, terms: &Terms, now: i64) -> Step {
    let changed = cursor.query_fingerprint != terms.fingerprint;
    let walk = match (cursor.open, changed) {
        (true, false) => cursor.clone(),
        // The new query takes over what the old one left of the walk: nothing is lost, nothing bought again.
        (true, true) if cursor.page > 0 || cursor.until_id.is_some() => rest_of(cursor, terms),
        _ => match begin(cursor, terms, now, changed) {
            Ok(begun) => begun,
            Err(wait) => return Step::Wait(wait),
        },
    };
    Walk { cursor: walk, gap: None }.within(terms, now)
}

/// What to do with a walk that was not answered: its bounds may have passed out of reach meanwhile.
pub fn again(walk: Walk, terms: &Terms, now: i64) -> Step {
    walk.within(terms, now)
}

fn begin(cursor: &Cursor, terms: &Terms, now: i64, changed: bool) -> Result<Cursor, i64> {
    let distance = if terms.settle > 0 { terms.settle } else { NEWEST_MS };
    let end = whole_second(now - distance);
    // An unfinished draft of page 1 (its query was changed) gives way to this walk under the same number.
    let walk = if cursor.open { cursor.walk } else { cursor.walk + 1 };
    let since_id = if changed { None } else { cursor.last_newest_id };
    let covered = cursor.covered_to.unwrap_or(end);
    // By id and without an upper bound there is always something to ask for.
    let bounded = terms.settle > 0 || since_id.is_none();
    if bounded && end <= covered {
        return Err(covered + distance + 1_000);
    }
    Ok(Cursor {
        query: terms.query.clone(),
        query_fingerprint: terms.fingerprint.clone(),
        walk,
        open: true,
        page: 0,
        since_id,
        start_time: if since_id.is_none() { Some(covered) } else { None },
        end_time: Some(end.max(covered)),
        until_id: None,
        newest_id: None,
        oldest_id: None,
        next_token: None,
        ..cursor.clone()
    })
}

fn rest_of(cursor: &Cursor, terms: &Terms) -> Cursor {
    Cursor {
        query: terms.query.clone(),
        query_fingerprint: terms.fingerprint.clone(),
        // A rest that was not asked for yet (its query was changed again) keeps its number.
        walk: if cursor.page > 0 { cursor.walk + 1 } else { cursor.walk },
        page: 0,
        until_id: cursor.oldest_id.or(cursor.until_id),
        next_token: None,
        ..cursor.clone()
    }
}

impl Walk {
    /// Number of the page that is asked for.
    pub fn page(&self) -> i32 {
        self.cursor.page + 1
    }

    /// The request for the next page.
    pub fn request(&self, rule: &Rule) -> SearchRequest {
        let cursor = &self.cursor;
        let id = |id: Option<i64>| id.and_then(TweetId::from_i64);
        let by_id = id(cursor.since_id).map(Since::Id);
        let end_time = if rule.settle.is_zero() { None } else { cursor.end_time };
        SearchRequest {
            query: cursor.query.clone(),
            since: by_id.or_else(|| time(cursor.start_time).map(Since::Time)),
            until: id(cursor.until_id).map(Until::Id).or_else(|| time(end_time).map(Until::Time)),
            max_results: rule.max_results,
            next_token: cursor.next_token.clone(),
            fields: rule.fields.clone(),
            expansions: rule.expansions.clone(),
        }
    }

    /// Whether an answer without anything in it is a poll that found nothing, rather than a page to report.
    /// The rest of a walk is none: what its first pages brought has to be taken over by the cursor.
    pub fn is_idle(&self, seen: &Seen) -> bool {
        self.page() == 1 && self.gap.is_none() && seen.next_token.is_none() && self.cursor.until_id.is_none()
    }

    /// The cursor after a poll that found nothing. Its walk was none.
    pub fn idle(&self, now: i64) -> Cursor {
        let cursor = &self.cursor;
        Cursor {
            idle_polls: cursor.idle_polls.saturating_add(1),
            idle_since: cursor.idle_since.or(Some(now)),
            ..unwalked(cursor, cursor.walk - 1)
        }
    }

    /// The cursor after an answer.
    pub fn advance(&self, seen: &Seen) -> Cursor {
        let cursor = &self.cursor;
        let newest_id = cursor.newest_id.or(seen.newest);
        let oldest_id = [cursor.oldest_id, seen.oldest].into_iter().flatten().min();
        if seen.next_token.is_some() {
            return Cursor {
                page: self.page(),
                newest_id,
                oldest_id,
                next_token: seen.next_token.clone(),
                // The next request follows at once.
                in_flight: true,
                ..cursor.clone()
            };
        }
        Cursor {
            page: self.page(),
            last_newest_id: cursor.last_newest_id.max(newest_id),
            covered_to: cursor.covered_to.max(cursor.end_time),
            idle_polls: 0,
            idle_since: None,
            ..unwalked(cursor, cursor.walk)
        }
    }
}

/// A cursor between walks.
fn unwalked(cursor: &Cursor, walk: i64) -> Cursor {
    Cursor {
        walk,
        open: false,
        in_flight: false,
        since_id: None,
        start_time: None,
        end_time: None,
        until_id: None,
        newest_id: None,
        oldest_id: None,
        next_token: None,
        ..cursor.clone()
    }
}

/// X's granularity, so that intervals meet exactly.
fn whole_second(millis: i64) -> i64 {
    millis - millis.rem_euclid(1_000)
}

fn time(millis: Option<i64>) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis?) * 1_000_000).ok()
}
