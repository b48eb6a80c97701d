//! Reading a topic as it stands, without the group: every partition from a place to its present end.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::{Message as _, Offset, TopicPartitionList};
use thiserror::Error;

use super::client::{Quiet, consumer};
use super::{BrokerError, Message};

/// A topic that cannot be read.
#[derive(Debug, Error)]
pub enum RetainedError {
    /// No broker answers.
    #[error(transparent)]
    Unreachable(#[from] BrokerError),
    /// There is no such topic.
    #[error("topic {0} does not exist: `transformer run` creates it")]
    Absent(&'static str),
    /// The brokers refuse.
    #[error("topic {topic}: {doing}: {source}")]
    Refused {
        /// Topic.
        topic: &'static str,
        /// What was asked.
        doing: &'static str,
        /// The client's words.
        source: KafkaError,
    },
    /// No message for a long time, though there should be some.
    #[error("topic {topic}, partition {partition}: nothing came for {} s at offset {offset} of {end}", STALLED.as_secs())]
    Stalled {
        /// Topic.
        topic: &'static str,
        /// Partition.
        partition: i32,
        /// Next offset.
        offset: i64,
        /// End.
        end: i64,
    },
}

/// Where to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// With the oldest retained message.
    Earliest,
    /// With the first message that Kafka took at this moment or later (milliseconds since 1970 UTC).
    At(i64),
    /// With these offsets, by partition; other partitions are not read.
    Offsets(Vec<(i32, i64)>),
}

/// A part of a partition: from an offset to before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Partition.
    pub partition: i32,
    /// First offset.
    pub from: i64,
    /// One past the last.
    pub to: i64,
}

/// A reader of one topic. Blocking: use it on a thread that may wait.
pub struct Retained {
    consumer: BaseConsumer<Quiet>,
    topic: &'static str,
}

const LIMIT: Duration = Duration::from_secs(10);
const STALLED: Duration = Duration::from_secs(30);

impl Retained {
    /// Connects; commits nothing and joins no group.
    ///
    /// # Errors
    /// librdkafka refuses the settings.
    pub fn open(brokers: &str, topic: &'static str, prefetch_kib: usize) -> Result<Self, RetainedError> {
        let consumer = consumer(brokers, prefetch_kib)
            // A name is needed to assign by hand; nothing is ever committed under it.
            .set("group.id", "transformer-reader")
            .set("enable.partition.eof", "true")
            .create_with_context(Quiet)
            .map_err(|source| RetainedError::Refused {
                topic,
                doing: "the reader cannot be set up",
                source,
            })?;
        Ok(Self { consumer, topic })
    }

    /// What is there to read from `start` on; empty partitions are left out.
    ///
    /// # Errors
    /// No broker, no topic, or a refusal.
    pub fn ranges(&self, start: &Start) -> Result<Vec<Range>, RetainedError> {
        let metadata =
            self.consumer.fetch_metadata(Some(self.topic), LIMIT).map_err(self.refused("asked for"))?;
        let topic = metadata.topics().iter().find(|t| t.name() == self.topic && !t.partitions().is_empty());
        let partitions: Vec<i32> =
            topic.ok_or(RetainedError::Absent(self.topic))?.partitions().iter().map(|p| p.id()).collect();
        let at = match start {
            Start::At(moment) => Some(self.offsets_at(&partitions, *moment)?),
            Start::Earliest | Start::Offsets(_) => None,
        };
        let mut ranges = Vec::new();
        for partition in partitions {
            let watermarks = self.consumer.fetch_watermarks(self.topic, partition, LIMIT);
            let (low, high) = watermarks.map_err(self.refused("its ends"))?;
            let from = match (start, &at) {
                (Start::Offsets(offsets), _) => {
                    offsets.iter().find(|(p, _)| *p == partition).map(|(_, o)| *o)
                }
                // No message that late: nothing to read.
                (_, Some(at)) => at.iter().find(|(p, _)| *p == partition).and_then(|(_, offset)| *offset),
                (_, None) => Some(low),
            };
            if let Some(from) = from.map(|from| from.max(low)).filter(|from| *from < high) {
                ranges.push(Range { partition, from, to: high });
            }
        }
        Ok(ranges)
    }

    fn offsets_at(&self, partitions: &[i32], moment: i64) -> Result<Vec<(i32, Option<i64>)>, RetainedError> {
        let mut list = TopicPartitionList::new();
        for partition in partitions {
            list.add_partition_offset(self.topic, *partition, Offset::Offset(moment))
                .map_err(self.refused("its offsets by time"))?;
        }
        let found =
            self.consumer.offsets_for_times(list, LIMIT).map_err(self.refused("its offsets by time"))?;
        let offset = |offset| match offset {
            Offset::Offset(offset) => Some(offset),
            _ => None,
        };
        Ok(found.elements().iter().map(|e| (e.partition(), offset(e.offset()))).collect())
    }

    /// Reads ranges to their ends, interleaved as they come; `each` says whether to go on.
    ///
    /// # Errors
    /// A refusal, or nothing coming for long.
    pub fn read(&self, ranges: &[Range], mut each: impl FnMut(Message) -> bool) -> Result<(), RetainedError> {
        let mut open: Vec<Range> = ranges.to_vec();
        let mut list = TopicPartitionList::new();
        for range in &open {
            list.add_partition_offset(self.topic, range.partition, Offset::Offset(range.from))
                .map_err(self.refused("assigned"))?;
        }
        self.consumer.assign(&list).map_err(self.refused("assigned"))?;
        let mut last = Instant::now();
        while let Some(first) = open.first().copied() {
            match self.consumer.poll(Duration::from_millis(200)) {
                Some(Ok(message)) => {
                    last = Instant::now();
                    let Some(range) = open.iter_mut().find(|r| r.partition == message.partition()) else {
                        continue;
                    };
                    if message.offset() < range.to {
                        range.from = message.offset() + 1;
                        if !each(Message::copied(&message, self.topic)) {
                            break;
                        }
                    }
                    open.retain(|r| {
                        r.partition != message.partition() || (r.from < r.to && message.offset() < r.to)
                    });
                }
                // What follows the last message of a transaction is its marker, which is no message.
                Some(Err(KafkaError::PartitionEOF(partition))) => open.retain(|r| r.partition != partition),
                Some(Err(error)) => tracing::debug!(%error, "reading retained messages"),
                None if last.elapsed() > STALLED => {
                    let Range { partition, from: offset, to: end } = first;
                    return Err(RetainedError::Stalled { topic: self.topic, partition, offset, end });
                }
                None => {}
            }
        }
        self.consumer.unassign().map_err(self.refused("given back"))
    }

    fn refused(&self, doing: &'static str) -> impl Fn(KafkaError) -> RetainedError {
        let topic = self.topic;
        move |source| RetainedError::Refused { topic, doing, source }
    }
}
