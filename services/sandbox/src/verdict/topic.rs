//! The topic's side: committed batches, decoded.

use std::collections::BTreeMap;
use std::time::Duration;

use contract::topics::BATCHES;
use contract::{BatchKind, Tweet, TweetBatch};
use rdkafka::Message;
use rdkafka::consumer::BaseConsumer;
use rdkafka::message::BorrowedMessage;

use super::posts::{Children, Observed, Post};
use crate::error::SandboxError;
use crate::topics;

/// What the committed messages of `tweets.batches.v1` say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// Posts, as in the newest observation of each.
    pub posts: Observed,
    /// Each batch id with the places (partition, offset) of its messages.
    pub batches: BTreeMap<String, Vec<(i32, i64)>>,
    /// Price of all answers, millionths of a dollar.
    pub cost_usd_micros: i64,
    /// Answers that may have been bought before.
    pub refetched: u64,
    /// Messages that merge polls that found nothing.
    pub idle: u64,
    /// Messages that no schema of ours reads.
    pub unreadable: u64,
    /// Rules with their newest walk, and whether its last page came.
    pub walks: BTreeMap<String, (i64, bool)>,
    observed_at: BTreeMap<i64, i64>,
}

impl Carried {
    fn take_message(&mut self, message: &BorrowedMessage<'_>) {
        match contract::decode::<TweetBatch>(message.payload().unwrap_or_default(), |_| newest_schema()) {
            Ok(batch) => self.take(&batch, (message.partition(), message.offset())),
            Err(_) => self.unreadable += 1,
        }
    }

    /// Takes in one batch that lies at `place`.
    pub fn take(&mut self, batch: &TweetBatch, place: (i32, i64)) {
        self.batches.entry(batch.batch_id.clone()).or_default().push(place);
        self.cost_usd_micros += batch.cost_usd_micros;
        self.refetched += u64::from(batch.refetched);
        self.idle += u64::from(batch.kind == BatchKind::Idle);
        let (walk, is_finished) = self.walks.entry(batch.rule.clone()).or_default();
        if batch.walk > *walk {
            (*walk, *is_finished) = (batch.walk, false);
        }
        *is_finished |= batch.walk == *walk && batch.walk_finished;
        for tweet in &batch.tweets {
            let post = self.newest(tweet, batch.observed_at, true);
            self.posts.match_post(&batch.rule, tweet.id, post);
        }
        for tweet in &batch.included {
            let post = self.newest(tweet, batch.observed_at, false);
            self.posts.include_post(tweet.id, post);
        }
    }

    /// The post as in its newest observation up to now.
    fn newest(&mut self, tweet: &Tweet, observed_at: i64, is_matched: bool) -> Post {
        let known = self.posts.matched.get(&tweet.id).or_else(|| self.posts.included.get(&tweet.id)).copied();
        let last = self.observed_at.entry(tweet.id).or_insert(i64::MIN);
        match known {
            Some(known) if *last > observed_at => known,
            _ => {
                *last = observed_at;
                let post = post(tweet);
                if !is_matched && let Some(matched) = self.posts.matched.get_mut(&tweet.id) {
                    *matched = post;
                }
                post
            }
        }
    }
}

/// The registry of a test holds this release's schema alone.
fn newest_schema() -> Option<contract::Fingerprint> {
    contract::known_fingerprints::<TweetBatch>().last().copied()
}

fn post(tweet: &Tweet) -> Post {
    let note = tweet.note.as_ref();
    let text = note.map_or(&tweet.text, |note| &note.text);
    let entities = note.and_then(|note| note.entities.as_ref()).or(tweet.entities.as_ref());
    let children = entities.map_or_else(Children::default, |found| Children {
        hashtags: found.hashtags.len() as u64,
        mentions: found.mentions.len() as u64,
        urls: found.urls.len() as u64,
    });
    Post::new(Some(text), children)
}

/// Reads the topic of batches to its end.
///
/// # Errors
/// It does not exist or cannot be read within the limit.
pub(super) async fn read(brokers: &str, limit: Duration) -> Result<Carried, SandboxError> {
    let brokers = brokers.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let mut carried = Carried::default();
        topics::each_committed(&brokers, BATCHES, limit, |message| carried.take_message(message))?;
        Ok(carried)
    });
    read.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// Follows the topic of batches as it grows, from its beginning.
pub struct Follower {
    reader: BaseConsumer,
    /// What came so far.
    pub carried: Carried,
}

impl Follower {
    /// Begins at the beginning of the topic, which has to exist.
    ///
    /// # Errors
    /// It does not exist, or the brokers do not answer within the limit.
    pub async fn new(brokers: &str, limit: Duration) -> Result<Self, SandboxError> {
        let brokers = brokers.to_owned();
        let made =
            tokio::task::spawn_blocking(move || topics::reader_from_the_beginning(&brokers, BATCHES, limit));
        let (reader, _) = made.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
        Ok(Self { reader, carried: Carried::default() })
    }

    /// Takes in what is committed by now; returns when nothing more comes for a tenth of a second.
    pub async fn catch_up(mut self) -> Self {
        let caught_up = tokio::task::spawn_blocking(move || {
            while let Some(event) = self.reader.poll(Duration::from_millis(100)) {
                // The end of a partition, or brokers that are away for the moment: librdkafka goes on by itself.
                if let Ok(message) = event {
                    self.carried.take_message(&message);
                }
            }
            self
        });
        caught_up.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(id: &str, observed_at: i64, tweets: Vec<Tweet>, included: Vec<Tweet>) -> TweetBatch {
        let (batch_id, rule) = (id.to_owned(), "covid".to_owned());
        TweetBatch {
            batch_id,
            rule,
            observed_at,
            tweets,
            included,
            cost_usd_micros: 5_000,
            ..TweetBatch::default()
        }
    }

    fn tweet(id: i64, text: &str) -> Tweet {
        Tweet { id, text: text.to_owned(), ..Tweet::default() }
    }

    #[test]
    fn the_newest_observation_stands_in_any_order() {
        let old = batch("covid/1/1", 10, vec![tweet(1, "old")], vec![]);
        let new = batch("covid/2/1", 20, vec![], vec![tweet(1, "new")]);
        let (mut one, mut other) = (Carried::default(), Carried::default());
        one.take(&old, (0, 0));
        one.take(&new, (0, 1));
        other.take(&new, (0, 1));
        other.take(&old, (0, 0));
        assert_eq!(one.posts, other.posts);
        assert_eq!(one.posts.matched[&1], post(&tweet(1, "new")));
        assert_eq!(one.cost_usd_micros, 10_000);
    }

    #[test]
    fn a_batch_id_that_lies_twice_in_the_topic_is_kept_with_both_places() {
        let batch = batch("covid/1/1", 10, vec![], vec![]);
        let mut carried = Carried::default();
        carried.take(&batch, (0, 4));
        carried.take(&batch, (0, 6));
        assert_eq!(carried.batches["covid/1/1"], [(0, 4), (0, 6)]);
    }
}
