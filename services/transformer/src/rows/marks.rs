//! Which hours the rollups have to be made again for, after rows were written.

use std::collections::{BTreeMap, BTreeSet};

use contract::Tweet;

use super::{Hour, Rows};

/// A row of `rollup_marks`; its key is made by MySQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkRow<'a> {
    /// Hour.
    pub hour: Hour,
    /// Batch that was written; empty for deletions and enrichments.
    pub batch_id: &'a str,
}

/// A row of `tweet_edits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EditRow {
    /// First post of the chain.
    pub first_id: i64,
    /// Post of the chain.
    pub tweet_id: i64,
}

impl EditRow {
    /// The chain of a post that was edited; nothing of one that was not.
    pub(super) fn chain(tweet: &Tweet) -> impl Iterator<Item = Self> {
        let history = Some(&tweet.edit_history[..]).filter(|history| history.len() > 1).unwrap_or_default();
        history.iter().map(|id| Self { first_id: history[0], tweet_id: *id })
    }
}

impl<'a> MarkRow<'a> {
    /// Hours of the posts that matched, of those included that were stored before (they may have matched then), and
    /// of what they were edited from.
    pub fn of(rows: &Rows<'a>, was_stored: impl Fn(i64) -> bool) -> Vec<Self> {
        let matched: BTreeSet<i64> = rows.rules.iter().map(|row| row.tweet_id).collect();
        let mut hours = BTreeMap::new();
        for row in rows.tweets.iter().filter(|row| matched.contains(&row.id) || was_stored(row.id)) {
            hours.insert(Hour::of(row.id), row.content.batch_id);
        }
        if let Some(row) = rows.tweets.first() {
            for edit in &rows.edits {
                hours.entry(Hour::of(edit.tweet_id)).or_insert(row.content.batch_id);
            }
        }
        hours.into_iter().map(|(hour, batch_id)| Self { hour, batch_id }).collect()
    }
}
