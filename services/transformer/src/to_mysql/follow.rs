//! Deletions: content goes, a tombstone stays. Order does not matter, as what was observed up to it stays out.

use std::collections::{BTreeMap, BTreeSet};

use contract::{Compliance, ComplianceAction};
use sqlx::Connection as _;
use sqlx::types::Json;
use time::PrimitiveDateTime;
use tokio::time::timeout;

use super::{
    CONFLICTS, Pause, Writer,
    connect::give_up,
    failure::Failure,
    session::{Session, column},
    spans,
    statement::{
        ATTACHED_TWEETS, DELETE_CHILDREN, DELETE_MEDIA, DELETE_POLLS, INSERT_MARKS, LOCK_TWEETS,
        UPSERT_TOMBSTONES,
    },
    values::{Bind, Values},
};
use crate::rows::{Hour, MarkRow, moment};

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
        let write = spans::write(0, tombstones.len(), true);
        let mut connection = self.pool.acquire().await.map_err(|error| Failure::of("BEGIN", error))?;
        let work = async {
            let mut transaction = connection.begin().await.map_err(|error| Failure::of("BEGIN", error))?;
            let mut session = Session::new(&mut transaction, &write, self.rows_per_statement);
            session.entomb(tombstones).await?;
            transaction.commit().await.map_err(|error| Failure::of("COMMIT", error))
        };
        let done = timeout(self.answer_within, work).await;
        done.unwrap_or_else(|_| Err(Failure::of("transaction", give_up(connection, self.answer_within))))
    }
}

impl Session<'_> {
    async fn entomb(&mut self, tombstones: &[Tombstone]) -> Result<(), Failure> {
        let ids: Vec<i64> = tombstones.iter().map(|tombstone| tombstone.tweet_id).collect();
        let (media, polls) = self.attached(&ids, tombstones).await?;
        self.rows(&UPSERT_TOMBSTONES, tombstones, Failure::of).await?;
        // The rows are locked now: those without content are the deleted ones, whose children go too.
        let mut gone = Vec::new();
        self.select(&LOCK_TWEETS, &ids, |row| {
            let version: Vec<u8> = column(row, "content_version")?;
            if version.iter().all(|byte| *byte == 0) {
                gone.push(column::<i64>(row, "id")?);
            }
            Ok(())
        })
        .await?;
        for statement in DELETE_CHILDREN {
            self.ids(statement, &gone).await?;
        }
        self.ids(&DELETE_MEDIA, &media).await?;
        self.ids(&DELETE_POLLS, &polls).await?;
        // With a deleted version, the one before it counts again.
        let hours = ids.iter().flat_map(|id| (0..=Hour::OF_EDITS).map(|ago| Hour::of(*id).earlier(ago)));
        let hours: BTreeSet<Hour> = hours.collect();
        let marks: Vec<_> = hours.into_iter().map(|hour| MarkRow { hour, batch_id: "" }).collect();
        self.rows(&INSERT_MARKS, &marks, Failure::of).await
    }

    /// Keys of media and polls of the posts that are about to lose their content, in order.
    async fn attached(
        &mut self,
        ids: &[i64],
        tombstones: &[Tombstone],
    ) -> Result<(Vec<String>, Vec<String>), Failure> {
        let deleted: BTreeMap<i64, PrimitiveDateTime> = tombstones
            .iter()
            .filter_map(|tombstone| Some((tombstone.tweet_id, tombstone.deleted_at?)))
            .collect();
        let (mut media, mut polls) = (BTreeSet::new(), BTreeSet::new());
        self.select(&ATTACHED_TWEETS, ids, |row| {
            let observed_at: Option<PrimitiveDateTime> = column(row, "content_observed_at")?;
            let deleted_at = deleted.get(&column::<i64>(row, "id")?);
            if observed_at.zip(deleted_at).is_some_and(|(observed_at, deleted_at)| observed_at <= *deleted_at)
            {
                let keys: Option<Json<Vec<String>>> = column(row, "media_keys")?;
                media.extend(keys.into_iter().flat_map(|keys| keys.0));
                let keys: Option<Json<Vec<String>>> = column(row, "poll_ids")?;
                polls.extend(keys.into_iter().flat_map(|keys| keys.0));
            }
            Ok(())
        })
        .await?;
        Ok((media.into_iter().collect(), polls.into_iter().collect()))
    }
}
