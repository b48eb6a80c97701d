//! Rows of the facts, in the order in which every writer takes its locks: tweets and their children, places, authors.

use std::collections::{BTreeMap, HashSet};

use time::PrimitiveDateTime;

use super::{
    failure::Failure,
    session::{Session, column},
    statement::{
        DELETE_CHILDREN, INSERT_ENRICHMENT, INSERT_HASHTAGS, INSERT_MARKS, INSERT_MENTIONS, INSERT_TOPICS,
        INSERT_TWEETS, INSERT_URLS, LOCK_TWEETS, UPSERT_AUTHORS, UPSERT_EDITS, UPSERT_MEDIA, UPSERT_PLACES,
        UPSERT_POLLS, UPSERT_RULES, UPSERT_TWEETS,
    },
};
use crate::{
    enrich::{Enriched, Version},
    rows::{Children, Item, MarkRow, Rows, Section, TweetRow},
};

/// What a stored post is compared by.
struct Stored {
    version: Version,
    deleted_at: Option<PrimitiveDateTime>,
}

type StoredTweets = BTreeMap<i64, Stored>;

/// Media and polls that come with deleted posts alone: they are content too.
#[derive(Default)]
pub(super) struct Attached<'a>(HashSet<&'a str>);

impl<'a> Attached<'a> {
    fn gone(tweets: &[TweetRow<'a>], stored: &StoredTweets) -> Self {
        let keys = |row: &TweetRow<'a>| {
            let tweet = row.content.tweet;
            tweet.media_keys.iter().chain(&tweet.poll_ids).map(String::as_str)
        };
        let (deleted, shown): (Vec<_>, Vec<_>) =
            tweets.iter().partition(|row| stored.get(&row.id).is_some_and(|stored| stored.hides(row)));
        let shown: HashSet<&str> = shown.into_iter().flat_map(keys).collect();
        Self(deleted.into_iter().flat_map(keys).filter(|key| !shown.contains(key)).collect())
    }

    fn has(&self, key: &str) -> bool {
        self.0.contains(key)
    }
}

impl Stored {
    /// Whether the observation is not newer than the post's tombstone.
    fn hides(&self, row: &TweetRow<'_>) -> bool {
        self.deleted_at.is_some_and(|at| row.content.observed_at <= at)
    }

    /// What `upsert_tweets.sql` decides about content, said once more here, as children follow it. The row is locked.
    fn yields_to(&self, row: &TweetRow<'_>) -> bool {
        row.content.version >= self.version && !self.hides(row)
    }
}

impl Session<'_> {
    /// Writes all rows. They have to be settled.
    pub(super) async fn facts(&mut self, rows: &Rows<'_>) -> Result<(), Failure> {
        self.facts_without(rows, &Attached::default()).await
    }

    /// The same for some objects of a batch; `gone` is of all its posts.
    pub(super) async fn facts_without(
        &mut self,
        rows: &Rows<'_>,
        gone: &Attached<'_>,
    ) -> Result<(), Failure> {
        let stored = self.tweets(&rows.tweets).await?;
        self.rows(&UPSERT_EDITS, &rows.edits, Failure::of).await?;
        self.rows(&UPSERT_RULES, &rows.rules, Failure::of).await?;
        self.rows(&UPSERT_PLACES, &rows.places, Failure::of).await?;
        self.rows(&UPSERT_AUTHORS, &rows.authors, Failure::of).await?;
        let own = Attached::gone(&rows.tweets, &stored);
        let stays = |key: &str| !gone.has(key) && !own.has(key);
        let media: Vec<_> = rows.media.iter().filter(|row| stays(&row.media.media_key)).collect();
        let polls: Vec<_> = rows.polls.iter().filter(|row| stays(&row.poll.id)).collect();
        self.rows(&UPSERT_MEDIA, &media, Failure::of).await?;
        self.rows(&UPSERT_POLLS, &polls, Failure::of).await?;
        self.rows(&INSERT_MARKS, &MarkRow::of(rows, |id| stored.contains_key(&id)), Failure::of).await
    }

    /// What comes with deleted posts alone, of all posts of a batch that have rows.
    pub(super) async fn gone<'a>(&mut self, batch: &'a Enriched) -> Result<Attached<'a>, Failure> {
        let mut rows = Rows::default();
        let posts = |item: &Item| matches!(item.section, Section::Included | Section::Tweets);
        for item in Item::all(&batch.received.batch).filter(posts) {
            // One that has no row is refused where it is written.
            drop(rows.add(batch, item));
        }
        let tweets = rows.settle().tweets;
        let ids: Vec<i64> = tweets.iter().map(|row| row.id).collect();
        Ok(Attached::gone(&tweets, &self.lock(&ids).await?))
    }

    /// Posts and what hangs on them. What is stored is locked and read first: most posts are new, and for those
    /// nothing has to be compared or deleted.
    async fn tweets(&mut self, tweets: &[TweetRow<'_>]) -> Result<StoredTweets, Failure> {
        let ids: Vec<i64> = tweets.iter().map(|row| row.id).collect();
        let stored = self.lock(&ids).await?;
        if stored.is_empty() {
            self.rows(&INSERT_TWEETS, tweets, Failure::of_insert).await?;
            self.children(&Children::of(tweets)).await?;
            return Ok(stored);
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
        for statement in DELETE_CHILDREN {
            self.ids(statement, &outdated).await?;
        }
        let written = tweets.iter().filter(|row| won.contains(&row.id) || !stored.contains_key(&row.id));
        self.children(&Children::of(written)).await?;
        Ok(stored)
    }

    async fn lock(&mut self, ids: &[i64]) -> Result<StoredTweets, Failure> {
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

    /// What hangs on posts and is replaced with their content. Older rows have to be gone.
    pub(super) async fn children(&mut self, children: &Children<'_>) -> Result<(), Failure> {
        self.rows(&INSERT_ENRICHMENT, &children.enrichments, Failure::of).await?;
        self.rows(&INSERT_TOPICS, &children.topics, Failure::of).await?;
        self.rows(&INSERT_HASHTAGS, &children.hashtags, Failure::of).await?;
        self.rows(&INSERT_MENTIONS, &children.mentions, Failure::of).await?;
        self.rows(&INSERT_URLS, &children.urls, Failure::of).await
    }
}
