//! `transformer offsets drained`: whether the group has applied every committed batch. A release that goes back may not read
//! what the newer one sent, so the newer one applies it first.

use std::time::{Duration, Instant};

use contract::topics::BATCHES;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};
use thiserror::Error;

use crate::config::Settings;
use crate::from_kafka::{Retained, RetainedError, Start, client};

const LIMIT: Duration = Duration::from_secs(10);
const BETWEEN: Duration = Duration::from_millis(300);
/// One message is enough to know.
const PREFETCH_KIB: usize = 64;

/// Why it is not known, or not so.
#[derive(Debug, Error)]
pub enum DrainedError {
    /// The topic cannot be read.
    #[error(transparent)]
    Topic(#[from] RetainedError),
    /// The group's offsets cannot be read.
    #[error("the offsets of the group {group}: {source}")]
    Offsets {
        /// The group.
        group: String,
        /// The client's words.
        source: KafkaError,
    },
    /// Something waits.
    #[error(
        "after {} s partition {partition} still waits at offset {offset}: see why the transformer does not apply it",
        within.as_secs()
    )]
    Waits {
        /// How long was waited.
        within: Duration,
        /// The partition.
        partition: i32,
        /// The first message that is not applied.
        offset: i64,
    },
}

/// Returns once no committed batch waits for the group; blocks for at most `within` and a moment.
///
/// # Errors
/// Kafka cannot be asked, or a batch still waits.
pub async fn drained(settings: &Settings, within: Duration) -> Result<(), DrainedError> {
    let (brokers, group) = (settings.kafka.brokers.clone(), settings.kafka.group_id.clone());
    let wait = tokio::task::spawn_blocking(move || wait(&brokers, &group, within));
    wait.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn wait(brokers: &str, group: &str, within: Duration) -> Result<(), DrainedError> {
    let began = Instant::now();
    let topic = Retained::open(brokers, BATCHES, PREFETCH_KIB)?;
    while let Some((partition, offset)) = waiting(&topic, brokers, group)? {
        if began.elapsed() >= within {
            return Err(DrainedError::Waits { within, partition, offset });
        }
        std::thread::sleep(BETWEEN);
    }
    Ok(())
}

/// The first committed message after the group's offsets, if there is one: behind the last lie only marks of transactions.
fn waiting(topic: &Retained, brokers: &str, group: &str) -> Result<Option<(i32, i64)>, DrainedError> {
    let partitions: Vec<i32> = topic.ranges(&Start::Earliest)?.iter().map(|range| range.partition).collect();
    let offsets = committed(brokers, group, &partitions)
        .map_err(|source| DrainedError::Offsets { group: group.to_owned(), source })?;
    let mut first = None;
    topic.read(&topic.ranges(&Start::Offsets(offsets))?, |message| {
        first = Some((message.ticket.partition.number, message.ticket.offset));
        false
    })?;
    Ok(first)
}

/// Where the group goes on; the beginning where it never was.
fn committed(brokers: &str, group: &str, partitions: &[i32]) -> Result<Vec<(i32, i64)>, KafkaError> {
    let consumer: BaseConsumer = client(brokers).set("group.id", group).create()?;
    let mut asked = TopicPartitionList::new();
    for partition in partitions {
        asked.add_partition(BATCHES, *partition);
    }
    let known = consumer.committed_offsets(asked, LIMIT)?;
    let offset = |offset| match offset {
        Offset::Offset(offset) => offset,
        _ => 0,
    };
    Ok(known.elements().iter().map(|element| (element.partition(), offset(element.offset()))).collect())
}
