//! The topic's side: committed batches, decoded.

use std::collections::BTreeMap;

use contract::{BatchKind, Tweet, TweetBatch};

use super::posts::{Children, Observed, Post};
use crate::error::SandboxError;

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
    observed_at: BTreeMap<i64, i64>,
}

impl Carried {
    /// Takes in one message's value.
    fn take_value(&mut self, value: &[u8], place: (i32, i64)) {
        match contract::decode::<TweetBatch>(value, |_| newest_schema()) {
            Ok(batch) => self.take(&batch, place),
            Err(_) => self.unreadable += 1,
        }
    }

    /// Takes in one batch that lies at `place`.
    pub fn take(&mut self, batch: &TweetBatch, place: (i32, i64)) {
        self.batches.entry(batch.batch_id.clone()).or_default().push(place);
        self.cost_usd_micros += batch.cost_usd_micros;
        self.refetched += u64::from(batch.refetched);
        self.idle += u64::from(batch.kind == BatchKind::Idle);
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
pub(super) async fn read(brokers: &str, limit: std::time::Duration) -> Result<Carried, SandboxError> {
    let brokers = brokers.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let mut carried = Carried::default();
        crate::topics::each_committed(&brokers, contract::topics::BATCHES, limit, |message| {
            use rdkafka::Message;
            let place = (message.partition(), message.offset());
            carried.take_value(message.payload().unwrap_or_default(), place);
        })?;
        Ok(carried)
    });
    read.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
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
