//! A message out of Kafka, owned, with the ticket by which its partition is told that it is done.

use contract::topics::{BATCHES, COMPLIANCE};
use contract::{Rejected, headers};
use rdkafka::Message as _;
use rdkafka::message::{BorrowedMessage, Headers as _};

use crate::enrich::Source;

/// A partition, of one of the topics read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    /// Topic.
    pub topic: &'static str,
    /// Number.
    pub number: i32,
}

/// Which message of which assignment: one of an earlier assignment says nothing about the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// Partition.
    pub partition: Partition,
    /// Offset.
    pub offset: i64,
    /// Counts assignments.
    pub(super) epoch: u64,
}

impl Ticket {
    /// Where the message lies.
    pub fn source(&self) -> Source {
        Source {
            topic: self.partition.topic.to_owned(),
            partition: self.partition.number,
            offset: self.offset,
        }
    }
}

/// A message, still encoded: decoded batches take several times the memory.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its ticket.
    pub ticket: Ticket,
    /// When Kafka took it (milliseconds since 1970 UTC).
    pub timestamp_ms: i64,
    /// Key, where it is text.
    pub key: Option<String>,
    /// Headers; a header without a value is empty.
    pub headers: Vec<(String, Vec<u8>)>,
    /// `None` for a tombstone.
    pub value: Option<Vec<u8>>,
}

impl Message {
    /// Copies a message out of the client's memory.
    pub fn copied(message: &BorrowedMessage<'_>, topic: &'static str) -> Self {
        let headers = message.headers().map(|headers| {
            headers.iter().map(|h| (h.key.to_owned(), h.value.unwrap_or_default().to_vec())).collect()
        });
        Self {
            ticket: Ticket {
                partition: Partition { topic, number: message.partition() },
                offset: message.offset(),
                epoch: 0,
            },
            timestamp_ms: message.timestamp().to_millis().unwrap_or_default(),
            key: message.key().and_then(|key| String::from_utf8(key.to_vec()).ok()),
            headers: headers.unwrap_or_default(),
            value: message.payload().map(<[u8]>::to_vec),
        }
    }

    /// The message that a dead letter is about, without its value: that may be one post of it.
    pub fn of_letter(letter: &Rejected) -> Self {
        let topic = if letter.topic == COMPLIANCE { COMPLIANCE } else { BATCHES };
        let headers = letter.headers.iter().map(|(key, value)| (key.clone(), value.to_vec()));
        Self {
            ticket: Ticket {
                partition: Partition { topic, number: letter.partition },
                offset: letter.offset,
                epoch: 0,
            },
            timestamp_ms: letter.rejected_at,
            key: None,
            headers: headers.collect(),
            value: None,
        }
    }

    /// One for tests.
    #[cfg(test)]
    pub(crate) fn made(topic: &'static str, number: i32, offset: i64, value: Option<Vec<u8>>) -> Self {
        let ticket = Ticket { partition: Partition { topic, number }, offset, epoch: 0 };
        Self { ticket, timestamp_ms: 0, key: None, headers: Vec::new(), value }
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(key, _)| key == name)?;
        std::str::from_utf8(value).ok()
    }

    /// The batch id, without decoding.
    pub fn batch_id(&self) -> Option<&str> {
        self.header(headers::BATCH_ID)
    }

    /// Bytes of the value.
    pub fn size(&self) -> usize {
        self.value.as_ref().map_or(0, Vec::len)
    }
}
