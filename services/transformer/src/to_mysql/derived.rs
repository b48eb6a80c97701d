//! Enrichments derived again from stored texts, where the text is still the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CONFLICTS, Pause, Writer,
    failure::Failure,
    session::{Session, column},
    spans,
    statement::{
        DELETE_ENRICHMENT, DELETE_TOPICS, INSERT_ENRICHMENT, INSERT_MARKS, INSERT_TOPICS, LOCK_TWEETS,
    },
};
use crate::{
    enrich::{Enrichment, Version},
    rows::{Children, Hour, MarkRow},
};

/// What was derived from a stored text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// Post.
    pub tweet_id: i64,
    /// Of the text it was derived from.
    pub content_version: Version,
    /// What it gave.
    pub enrichment: Enrichment,
}

impl Writer {
    /// Replaces enrichments and topics of posts whose content has not changed since it was read, and marks their hours.
    /// A post that changed was enriched by whoever changed it.
    ///
    /// # Errors
    /// As [`Writer::apply`].
    pub async fn derived_again(&self, derived: &[Derived]) -> Result<(), Pause> {
        let mut left = CONFLICTS;
        loop {
            match self.derived_once(derived).await {
                Err(Failure::Conflict(_)) if left > 0 => left -= 1,
                ended => return ended.map_err(|failure| failure.into_pause("enrichments")),
            }
        }
    }

    async fn derived_once(&self, derived: &[Derived]) -> Result<(), Failure> {
        let write = spans::write(0, derived.len(), true);
        let mut transaction = self.pool.begin().await.map_err(|error| Failure::of("BEGIN", error))?;
        let mut session = Session::new(&mut transaction, &write, self.rows_per_statement);
        session.derived(derived).await?;
        transaction.commit().await.map_err(|error| Failure::of("COMMIT", error))
    }
}

impl Session<'_> {
    async fn derived(&mut self, derived: &[Derived]) -> Result<(), Failure> {
        let ids: Vec<i64> = derived.iter().map(|derived| derived.tweet_id).collect();
        let mut versions = BTreeMap::new();
        self.select(&LOCK_TWEETS, &ids, |row| {
            let version: Vec<u8> = column(row, "content_version")?;
            versions.insert(column::<i64>(row, "id")?, version);
            Ok(())
        })
        .await?;
        let (mut rows, mut same) = (Children::default(), Vec::new());
        for derived in derived {
            let stored = versions.get(&derived.tweet_id).map(Vec::as_slice);
            if stored == Some(&derived.content_version.0[..]) {
                rows.derived(derived.tweet_id, &derived.enrichment);
                same.push(derived.tweet_id);
            }
        }
        self.ids(&DELETE_ENRICHMENT, &same).await?;
        self.ids(&DELETE_TOPICS, &same).await?;
        self.rows(&INSERT_ENRICHMENT, &rows.enrichments, Failure::of).await?;
        self.rows(&INSERT_TOPICS, &rows.topics, Failure::of).await?;
        let hours: BTreeSet<Hour> = same.iter().map(|id| Hour::of(*id)).collect();
        let marks: Vec<_> = hours.into_iter().map(|hour| MarkRow { hour, batch_id: "" }).collect();
        self.rows(&INSERT_MARKS, &marks, Failure::of).await
    }
}
