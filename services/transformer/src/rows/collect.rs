//! All rows of some batches, one for each key, in the order of the keys.

use contract::TweetBatch;

use super::{AuthorRow, EditRow, MediaRow, PlaceRow, PollRow, Refusal, RuleRow, TweetRow, moment::moment};
use crate::enrich::Enriched;

/// Lists of a batch, in the order in which their observations count: matched posts after included ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// `batch.included`.
    Included,
    /// `batch.tweets`.
    Tweets,
    /// `batch.places`.
    Places,
    /// `batch.users`.
    Users,
    /// `batch.media`.
    Media,
    /// `batch.polls`.
    Polls,
}

/// One object of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Its list.
    pub section: Section,
    /// Its place there, from 0.
    pub position: usize,
}

impl Section {
    const ALL: [Self; 6] =
        [Self::Included, Self::Tweets, Self::Places, Self::Users, Self::Media, Self::Polls];

    /// Name of the field in the batch.
    pub fn name(self) -> &'static str {
        match self {
            Self::Included => "included",
            Self::Tweets => "tweets",
            Self::Places => "places",
            Self::Users => "users",
            Self::Media => "media",
            Self::Polls => "polls",
        }
    }

    /// The section of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    fn len(self, batch: &TweetBatch) -> usize {
        match self {
            Self::Included => batch.included.len(),
            Self::Tweets => batch.tweets.len(),
            Self::Places => batch.places.len(),
            Self::Users => batch.users.len(),
            Self::Media => batch.media.len(),
            Self::Polls => batch.polls.len(),
        }
    }
}

impl Item {
    /// Every object of a batch, in the order in which observations count.
    pub fn all(batch: &TweetBatch) -> impl Iterator<Item = Self> {
        Section::ALL
            .into_iter()
            .flat_map(|section| (0..section.len(batch)).map(move |position| Self { section, position }))
    }

    /// Id of the post or user, where it has a number.
    pub fn id(self, batch: &TweetBatch) -> Option<i64> {
        let at = self.position;
        match self.section {
            Section::Included => batch.included.get(at).map(|tweet| tweet.id),
            Section::Tweets => batch.tweets.get(at).map(|tweet| tweet.id),
            Section::Users => batch.users.get(at).map(|user| user.id),
            Section::Places | Section::Media | Section::Polls => None,
        }
    }

    /// The batch with this object alone; its id and digest stay, so that the observation keeps its order.
    pub fn alone(self, batch: &TweetBatch, digest: &str) -> TweetBatch {
        fn only<T: Clone>(all: &[T], wanted: bool, at: usize) -> Vec<T> {
            if wanted { all.get(at).cloned().into_iter().collect() } else { Vec::new() }
        }
        let (is, at) = (|section| self.section == section, self.position);
        TweetBatch {
            digest: digest.to_owned(),
            included: only(&batch.included, is(Section::Included), at),
            tweets: only(&batch.tweets, is(Section::Tweets), at),
            places: only(&batch.places, is(Section::Places), at),
            users: only(&batch.users, is(Section::Users), at),
            media: only(&batch.media, is(Section::Media), at),
            polls: only(&batch.polls, is(Section::Polls), at),
            ..batch.clone()
        }
    }
}

/// Rows of the facts, of any number of batches: one for each key, sorted by it.
#[derive(Debug, Clone, Default)]
pub struct Rows<'a> {
    /// Of `tweets`.
    pub tweets: Vec<TweetRow<'a>>,
    /// Of `tweet_edits`: of every observation, as a newer one may not name the chain.
    pub edits: Vec<EditRow>,
    /// Of `tweet_rules`.
    pub rules: Vec<RuleRow<'a>>,
    /// Of `places`.
    pub places: Vec<PlaceRow<'a>>,
    /// Of `authors`.
    pub authors: Vec<AuthorRow<'a>>,
    /// Of `media`.
    pub media: Vec<MediaRow<'a>>,
    /// Of `polls`.
    pub polls: Vec<PollRow<'a>>,
}

impl<'a> Rows<'a> {
    /// Adds one object; [`Rows::settle`] has to follow the last one.
    ///
    /// # Errors
    /// It holds what no column can.
    pub fn add(&mut self, batch: &'a Enriched, item: Item) -> Result<(), Refusal> {
        let (carried, at) = (&batch.received.batch, item.position);
        match item.section {
            Section::Included => {
                if let (Some(tweet), Some(post)) = (carried.included.get(at), batch.included.get(at)) {
                    self.tweets.push(TweetRow::of(batch, tweet, post)?);
                    self.edits.extend(EditRow::chain(tweet));
                }
            }
            Section::Tweets => {
                if let (Some(tweet), Some(post)) = (carried.tweets.get(at), batch.tweets.get(at)) {
                    self.tweets.push(TweetRow::of(batch, tweet, post)?);
                    self.edits.extend(EditRow::chain(tweet));
                    let observed_at = moment("observed_at", carried.observed_at)?;
                    self.rules.push(RuleRow {
                        tweet_id: tweet.id,
                        rule: &carried.rule,
                        query_fingerprint: &carried.query_fingerprint,
                        first_batch_id: &carried.batch_id,
                        first_observed_at: observed_at,
                        first_version: batch.version,
                        last_observed_at: observed_at,
                    });
                }
            }
            Section::Places => {
                if let (Some(place), Some(name)) = (carried.places.get(at), batch.place_names.get(at)) {
                    self.places.push(PlaceRow::of(batch, place, name.as_deref())?);
                }
            }
            Section::Users => {
                if let (Some(user), Some(location)) = (carried.users.get(at), batch.locations.get(at)) {
                    self.authors.push(AuthorRow::of(batch, user, location.as_deref())?);
                }
            }
            Section::Media => {
                if let Some(media) = carried.media.get(at) {
                    self.media.push(MediaRow::of(batch, media)?);
                }
            }
            Section::Polls => {
                if let Some(poll) = carried.polls.get(at) {
                    self.polls.push(PollRow::of(batch, poll)?);
                }
            }
        }
        Ok(())
    }

    /// Sorts by key and keeps the newest observation of each.
    #[must_use]
    pub fn settle(mut self) -> Self {
        // Stable: among equal versions, those of one batch, the later position stays last and wins.
        self.tweets.sort_by_key(|row| (row.id, row.content.version));
        self.tweets = merge(self.tweets, |a, b| a.id == b.id, TweetRow::join);
        self.edits.sort_unstable();
        self.edits.dedup();
        self.rules.sort_by(|a, b| {
            (a.tweet_id, a.rule, a.query_fingerprint, a.first_version).cmp(&(
                b.tweet_id,
                b.rule,
                b.query_fingerprint,
                b.first_version,
            ))
        });
        let key = |row: &RuleRow<'a>| (row.tweet_id, row.rule, row.query_fingerprint);
        self.rules = merge(
            self.rules,
            |a, b| key(a) == key(b),
            |first, later| {
                first.last_observed_at = first.last_observed_at.max(later.last_observed_at);
            },
        );
        self.places.sort_by(|a, b| (&a.place.id, a.version).cmp(&(&b.place.id, b.version)));
        self.places = merge(self.places, |a, b| a.place.id == b.place.id, replace);
        self.authors.sort_by_key(|row| (row.user.id, row.version));
        self.authors = merge(self.authors, |a, b| a.user.id == b.user.id, replace);
        self.media.sort_by(|a, b| (&a.media.media_key, a.version).cmp(&(&b.media.media_key, b.version)));
        self.media = merge(self.media, |a, b| a.media.media_key == b.media.media_key, replace);
        self.polls.sort_by(|a, b| (&a.poll.id, a.version).cmp(&(&b.poll.id, b.version)));
        self.polls = merge(self.polls, |a, b| a.poll.id == b.poll.id, replace);
        self
    }
}

fn replace<T>(older: &mut T, newer: T) {
    *older = newer;
}

/// Joins neighbours of one key, in their order.
fn merge<T>(rows: Vec<T>, same: impl Fn(&T, &T) -> bool, join: impl Fn(&mut T, T)) -> Vec<T> {
    let mut merged: Vec<T> = Vec::with_capacity(rows.len());
    for row in rows {
        match merged.last_mut() {
            Some(last) if same(last, &row) => join(last, row),
            _ => merged.push(row),
        }
    }
    merged
}
