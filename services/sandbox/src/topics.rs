//! What a topic really holds: all committed messages, read from the beginning to the end of each partition.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use crate::error::SandboxError;

/// A message of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Partition.
    pub partition: i32,
    /// Offset in the partition.
    pub offset: i64,
    /// Milliseconds since 1970, as the producer or broker wrote it.
    pub timestamp_ms: Option<i64>,
    /// Key; empty where there is none.
    pub key: Vec<u8>,
    /// Headers; of two with one name the last.
    pub headers: BTreeMap<String, Vec<u8>>,
    /// Value; empty for a tombstone.
    pub payload: Vec<u8>,
}

/// All messages of `topic` that a read_committed reader sees now, by partition and offset.
///
/// # Errors
/// The topic does not exist or cannot be read to its end within the limit.
pub async fn committed(brokers: &str, topic: &str, limit: Duration) -> Result<Vec<Committed>, SandboxError> {
    let (brokers, topic) = (brokers.to_owned(), topic.to_owned());
    let read = tokio::task::spawn_blocking(move || {
        let mut messages = Vec::new();
        each_committed(&brokers, &topic, limit, |message| messages.push(owned(message)))?;
        messages.sort_by_key(|message: &Committed| (message.partition, message.offset));
        Ok(messages)
    });
    read.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// Hands each committed message of `topic` to `take`, without keeping them: for topics that do not fit into memory. Blocks.
///
/// # Errors
/// As [`committed`].
pub fn each_committed(
    brokers: &str,
    topic: &str,
    limit: Duration,
    mut take: impl FnMut(&BorrowedMessage<'_>),
) -> Result<(), SandboxError> {
    let deadline = Instant::now() + limit;
    let (consumer, mut open) = reader_from_the_beginning(brokers, topic, limit)?;
    // Under read_committed the end of a partition comes at its last stable offset: nothing after it is committed.
    while open > 0 {
        if Instant::now() > deadline {
            return Err(SandboxError::NoMoment { what: format!("the end of the topic {topic}"), limit });
        }
        match consumer.poll(Duration::from_millis(200)) {
            Some(Ok(message)) => take(&message),
            Some(Err(KafkaError::PartitionEOF(_))) => open -= 1,
            Some(Err(error)) if is_passing(&error) => {}
            Some(Err(source)) => return Err(SandboxError::Kafka { action: "read a topic", source }),
            None => {}
        }
    }
    Ok(())
}

/// A read_committed reader at the beginning of each partition, and how many there are; it commits no offsets. Blocks.
///
/// # Errors
/// The topic does not exist, or the brokers do not answer within the limit.
pub(crate) fn reader_from_the_beginning(
    brokers: &str,
    topic: &str,
    limit: Duration,
) -> Result<(BaseConsumer, usize), SandboxError> {
    let failed = |action| move |source| SandboxError::Kafka { action, source };
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "sandbox-reader")
        .set("isolation.level", "read_committed")
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true")
        // The end of a partition is told by an empty answer, which a broker otherwise holds back for half a second.
        .set("fetch.wait.max.ms", "20")
        .create()
        .map_err(failed("make a reader"))?;
    let partitions = partitions(&consumer, topic, limit)?;
    let mut all = TopicPartitionList::new();
    for partition in &partitions {
        all.add_partition_offset(topic, *partition, Offset::Beginning).map_err(failed("name a partition"))?;
    }
    consumer.assign(&all).map_err(failed("assign partitions"))?;
    Ok((consumer, partitions.len()))
}

/// The partitions of a topic.
fn partitions(consumer: &BaseConsumer, topic: &str, limit: Duration) -> Result<Vec<i32>, SandboxError> {
    let metadata = consumer.fetch_metadata(Some(topic), limit);
    let metadata = metadata.map_err(|source| SandboxError::Kafka { action: "ask for a topic", source })?;
    let partitions = metadata.topics().iter().find(|found| found.name() == topic && found.error().is_none());
    match partitions.map(|found| found.partitions().iter().map(|partition| partition.id()).collect()) {
        Some(ids) if !Vec::is_empty(&ids) => Ok(ids),
        _ => Err(SandboxError::NoTopic { topic: topic.to_owned() }),
    }
}

/// librdkafka reports lost connections and goes on by itself.
fn is_passing(error: &KafkaError) -> bool {
    let code = error.rdkafka_error_code();
    matches!(
        code,
        Some(
            RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::AllBrokersDown
                | RDKafkaErrorCode::OperationTimedOut
        )
    )
}

fn owned(message: &BorrowedMessage<'_>) -> Committed {
    let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
    Committed {
        partition: message.partition(),
        offset: message.offset(),
        timestamp_ms: message.timestamp().to_millis(),
        key: message.key().unwrap_or_default().to_owned(),
        headers: headers
            .map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_owned()))
            .collect(),
        payload: message.payload().unwrap_or_default().to_owned(),
    }
}
