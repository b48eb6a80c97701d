//! Deletions: content goes, a tombstone stays. Order does not matter, as what was observed up to it stays out.

use std::collections::BTreeMap;

use contract::{Compliance, ComplianceAction};
use time::PrimitiveDateTime;

use super::{
    CONFLICTS, Pause, Writer,
    failure::Failure,
    session::{Session, column},
    spans,
    statement::{DELETE_HASHTAGS, DELETE_MENTIONS, DELETE_URLS, LOCK_TWEETS, UPSERT_TOMBSTONES},
    values::{Bind, Values},
};
use crate::rows::moment;

/// The latest events of one post.
#[derive(Debug, Clone, Copy, Default)]
struct Tombstone {
    tweet_id: i64,
    deleted_at: Option<PrimitiveDateTime>,
    undeleted_at: Option<PrimitiveDateTime>,
}

impl Bind for Tombstone {
    fn bind(&self, values: &mut Values) {
        let none = crate::enrich::Version::NONE;
        values
            .put(self.tweet_id)
            .put(self.deleted_at)
            .put(self.undeleted_at)
            .put(&none.0[..])
            .put(&none.0[..]);
    }
}

impl Writer {
    /// Follows deletions: content goes, a tombstone stays, also for posts not stored yet. Order does not matter.
    /// An `UNDELETE` is recorded; the content comes back with the next observation. Events whose moment no column
    /// can hold are answered, to be set aside.
    ///
    /// # Errors
    /// As [`Writer::apply`].
    pub async fn follow(&self, events: &[Compliance]) -> Result<Vec<Compliance>, Pause> {
        let (mut tombstones, mut bad) = (BTreeMap::<i64, Tombstone>::new(), Vec::new());
        for event in events {
            let Ok(at) = moment("at", event.at) else {
                bad.push(event.clone());
                continue;
            };
            let tombstone = tombstones.entry(event.post_id).or_default();
            tombstone.tweet_id = event.post_id;
            let latest = match event.action {
                ComplianceAction::Delete => &mut tombstone.deleted_at,
                ComplianceAction::Undelete => &mut tombstone.undeleted_at,
            };
            *latest = (*latest).max(Some(at));
        }
        let tombstones: Vec<Tombstone> = tombstones.into_values().collect();
        let mut left = CONFLICTS;
        while !tombstones.is_empty() {
            match self.entomb(&tombstones).await {
                Ok(()) => break,
                Err(Failure::Conflict(_)) if left > 0 => left -= 1,
                Err(failure) => return Err(failure.into_pause("tombstones")),
            }
        }
        Ok(bad)
    }

    async fn entomb(&self, tombstones: &[Tombstone]) -> Result<(), Failure> {
        let write = spans::write(0, tombstones.len());
        let mut transaction = self.pool.begin().await.map_err(|error| Failure::of("BEGIN", error))?;
        let mut session = Session::new(&mut transaction, &write, self.rows_per_statement);
        session.entomb(tombstones).await?;
        transaction.commit().await.map_err(|error| Failure::of("COMMIT", error))
    }
}

impl Session<'_> {
    async fn entomb(&mut self, tombstones: &[Tombstone]) -> Result<(), Failure> {
        self.rows(&UPSERT_TOMBSTONES, tombstones, Failure::of).await?;
        // The rows are locked now: those without content are the deleted ones, whose children go too.
        let ids: Vec<i64> = tombstones.iter().map(|tombstone| tombstone.tweet_id).collect();
        let mut gone = Vec::new();
        self.select(&LOCK_TWEETS, &ids, |row| {
            let version: Vec<u8> = column(row, "content_version")?;
            if version.iter().all(|byte| *byte == 0) {
                gone.push(column(row, "id")?);
            }
            Ok(())
        })
        .await?;
        for statement in [&DELETE_HASHTAGS, &DELETE_MENTIONS, &DELETE_URLS] {
            self.ids(statement, &gone).await?;
        }
        Ok(())
    }
}
