//! Rows of the facts, in the order in which every writer takes its locks: tweets and their children, places, authors.

use std::collections::{BTreeMap, HashSet};

use time::PrimitiveDateTime;

use super::{
    failure::Failure,
    session::{Session, column},
    statement::{
        DELETE_HASHTAGS, DELETE_MENTIONS, DELETE_URLS, INSERT_HASHTAGS, INSERT_MENTIONS, INSERT_TWEETS,
        INSERT_URLS, LOCK_TWEETS, UPSERT_AUTHORS, UPSERT_MEDIA, UPSERT_PLACES, UPSERT_POLLS, UPSERT_RULES,
        UPSERT_TWEETS,
    },
};
use crate::{
    enrich::Version,
    rows::{Children, Rows, TweetRow},
};

/// What a stored post is compared by.
struct Stored {
    version: Version,
    deleted_at: Option<PrimitiveDateTime>,
}

impl Stored {
    /// What `upsert_tweets.sql` decides about content, said once more here, as children follow it. The row is locked.
    fn yields_to(&self, row: &TweetRow<'_>) -> bool {
        row.content.version >= self.version && self.deleted_at.is_none_or(|at| row.content.observed_at > at)
    }
}

impl Session<'_> {
    /// Writes all rows. They have to be settled.
    pub(super) async fn facts(&mut self, rows: &Rows<'_>) -> Result<(), Failure> {
        self.tweets(&rows.tweets).await?;
        self.rows(&UPSERT_RULES, &rows.rules, Failure::of).await?;
        self.rows(&UPSERT_PLACES, &rows.places, Failure::of).await?;
        self.rows(&UPSERT_AUTHORS, &rows.authors, Failure::of).await?;
        self.rows(&UPSERT_MEDIA, &rows.media, Failure::of).await?;
        self.rows(&UPSERT_POLLS, &rows.polls, Failure::of).await
    }

    /// Posts and what hangs on them. What is stored is locked and read first: most posts are new, and for those
    /// nothing has to be compared or deleted.
    async fn tweets(&mut self, tweets: &[TweetRow<'_>]) -> Result<(), Failure> {
        let ids: Vec<i64> = tweets.iter().map(|row| row.id).collect();
        let stored = self.lock(&ids).await?;
        if stored.is_empty() {
            self.rows(&INSERT_TWEETS, tweets, Failure::of_insert).await?;
            return self.children(&Children::of(tweets)).await;
        }
        let (known, new): (Vec<_>, Vec<_>) = tweets.iter().partition(|row| stored.contains_key(&row.id));
        let won: HashSet<i64> = known
            .iter()
            .filter(|row| stored.get(&row.id).is_some_and(|stored| stored.yields_to(row)))
            .map(|row| row.id)
            .collect();
        self.rows(&INSERT_TWEETS, &new, Failure::of_insert).await?;
        self.rows(&UPSERT_TWEETS, &known, Failure::of).await?;
        let outdated: Vec<i64> = known.iter().map(|row| row.id).filter(|id| won.contains(id)).collect();
        for statement in [&DELETE_HASHTAGS, &DELETE_MENTIONS, &DELETE_URLS] {
            self.ids(statement, &outdated).await?;
        }
        let written = tweets.iter().filter(|row| won.contains(&row.id) || !stored.contains_key(&row.id));
        self.children(&Children::of(written)).await
    }

    async fn lock(&mut self, ids: &[i64]) -> Result<BTreeMap<i64, Stored>, Failure> {
        let mut stored = BTreeMap::new();
        self.select(&LOCK_TWEETS, ids, |row| {
            let bytes: Vec<u8> = column(row, "content_version")?;
            let version = bytes.try_into().map(Version).unwrap_or(Version::NONE);
            stored.insert(column(row, "id")?, Stored { version, deleted_at: column(row, "deleted_at")? });
            Ok(())
        })
        .await?;
        Ok(stored)
    }

    async fn children(&mut self, children: &Children<'_>) -> Result<(), Failure> {
        self.rows(&INSERT_HASHTAGS, &children.hashtags, Failure::of).await?;
        self.rows(&INSERT_MENTIONS, &children.mentions, Failure::of).await?;
        self.rows(&INSERT_URLS, &children.urls, Failure::of).await
    }
}
