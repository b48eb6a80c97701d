//! Reading dead letters: the newest of each name, and whether it is still open.

use std::collections::BTreeMap;

use contract::Rejected;
use contract::topics::REJECTED;
use thiserror::Error;

use super::{Letter, Reason};
use crate::config::KafkaSettings;
use crate::from_kafka::{Message, Retained, RetainedError, Start};

/// Dead letters cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The topic.
    #[error(transparent)]
    Topic(#[from] RetainedError),
}

/// A dead letter as it lies in its topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its newest content; of a replayed one, what was replayed.
    pub letter: Letter,
    /// Since it was replayed, nothing of its name was set aside.
    pub replayed: bool,
}

/// All of them, by name, oldest message first.
///
/// # Errors
/// The topic cannot be read.
pub async fn letters(kafka: &KafkaSettings) -> Result<Vec<Stored>, ReadError> {
    let (brokers, prefetch) = (kafka.brokers.clone(), kafka.prefetch_kib.get());
    let read = tokio::task::spawn_blocking(move || {
        let retained = Retained::open(&brokers, REJECTED, prefetch)?;
        let mut stored = Shelf::default();
        retained.read(&retained.ranges(&Start::Earliest)?, |message| {
            stored.put(&message);
            true
        })?;
        Ok(stored.sorted())
    });
    read.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
}

#[derive(Debug, Default)]
struct Shelf(BTreeMap<String, Stored>);

impl Shelf {
    fn put(&mut self, message: &Message) {
        let at = &message.ticket;
        let Some(value) = message.value.as_deref() else { return };
        let record: Rejected = match contract::decode(value, |_| None) {
            Ok(record) => record,
            Err(error) => {
                tracing::warn!(offset = at.offset, %error, "a dead letter of another release is passed over");
                return;
            }
        };
        let reason =
            Reason::ALL.into_iter().find(|r| r.name() == record.reason).map_or("other", Reason::name);
        let letter = Letter { key: message.key.clone().unwrap_or_default(), reason, record };
        if reason != Reason::Replayed.name() {
            self.0.insert(letter.key.clone(), Stored { letter, replayed: false });
        } else if let Some(stored) = self.0.get_mut(&letter.key) {
            stored.replayed = true;
        }
    }

    fn sorted(self) -> Vec<Stored> {
        let mut all: Vec<Stored> = self.0.into_values().collect();
        all.sort_by(|a, b| {
            let of = |s: &Stored| {
                (s.letter.record.topic.clone(), s.letter.record.partition, s.letter.record.offset)
            };
            of(a).cmp(&of(b)).then_with(|| a.letter.key.cmp(&b.letter.key))
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::Source;

    fn message(letter: &Letter) -> Message {
        let mut message = Message::made(REJECTED, 0, 1, Some(contract::encode(&letter.record).unwrap()));
        message.key = Some(letter.key.clone());
        message
    }

    #[test]
    fn a_letter_sent_twice_is_one_and_a_replayed_one_is_open_again_when_it_is_refused_again() {
        let post = crate::to_mysql::RejectedPost {
            section: "tweets",
            post_id: Some(7),
            detail: "1406".to_owned(),
            alone: contract::TweetBatch { batch_id: "r/1/1".to_owned(), ..Default::default() },
        };
        let source = Source { topic: "tweets.batches.v1".to_owned(), partition: 2, offset: 9 };
        let letter = Letter::of_post(&source, &post, 1).unwrap();
        assert_eq!(letter.key, "tweets.batches.v1/2/9/tweets/7");

        let mut shelf = Shelf::default();
        shelf.put(&message(&letter));
        shelf.put(&message(&letter));
        assert_eq!(shelf.0.len(), 1);
        shelf.put(&message(&Letter::replayed(&letter, 2)));
        assert!(shelf.0[&letter.key].replayed);
        assert_eq!(shelf.0[&letter.key].letter.record.payload, letter.record.payload);
        shelf.put(&message(&letter));
        assert!(!shelf.0[&letter.key].replayed);
    }
}
