//! Which hours the rollups have to be made again for, after rows were written.

use std::collections::{BTreeMap, BTreeSet};

use super::{Hour, Rows, TweetRow};

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
    /// The edit chains of all posts that were edited, sorted.
    pub fn of(tweets: &[TweetRow<'_>]) -> Vec<Self> {
        let mut edits = BTreeSet::new();
        for history in tweets.iter().map(history).filter(|history| history.len() > 1) {
            edits.extend(history.iter().map(|id| Self { first_id: history[0], tweet_id: *id }));
        }
        edits.into_iter().collect()
    }
}

impl<'a> MarkRow<'a> {
    /// Hours of the posts that matched, of those included that were stored before (they may have matched then), and
    /// of what they were edited from.
    pub fn of(rows: &Rows<'a>, was_stored: impl Fn(i64) -> bool) -> Vec<Self> {
        let matched: BTreeSet<i64> = rows.rules.iter().map(|row| row.tweet_id).collect();
        let mut hours = BTreeMap::new();
        for row in &rows.tweets {
            if matched.contains(&row.id) || was_stored(row.id) {
                for id in history(row).iter().chain([&row.id]) {
                    hours.insert(Hour::of(*id), row.content.batch_id);
                }
            }
        }
        hours.into_iter().map(|(hour, batch_id)| Self { hour, batch_id }).collect()
    }
}

fn history<'r>(row: &'r TweetRow<'_>) -> &'r [i64] {
    &row.content.tweet.edit_history
}
