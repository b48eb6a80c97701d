//! `transformer offsets rewind`: after a restore, the group's offsets back to where the restored ledger ends. What Kafka holds
//! since then is applied again, each batch once.

use std::time::Duration;

use backon::{ConstantBuilder, Retryable as _};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};
use sqlx::FromRow;
use thiserror::Error;
use time::PrimitiveDateTime;

use crate::config::Settings;
use crate::from_kafka::client;
use crate::to_mysql::{ConnectError, pool};

const LIMIT: Duration = Duration::from_secs(20);
/// From one attempt to the next while the group has members, and how long after their session.
const BETWEEN: Duration = Duration::from_millis(500);
const GRACE: Duration = Duration::from_secs(3);

/// Why the offsets stay as they are.
#[derive(Debug, Error)]
pub enum RewindError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// MySQL, later.
    #[error("reading the ledger: {0}")]
    Read(#[from] sqlx::Error),
    /// Kafka.
    #[error("{doing}: {source}; the group must have no member: stop every transformer first")]
    Kafka {
        /// What was being done.
        doing: &'static str,
        /// The client's words.
        source: KafkaError,
    },
}

/// Where a partition is to be read from, by the ledger.
#[derive(Clone, FromRow)]
struct Known {
    topic: String,
    kafka_partition: i32,
    kafka_offset: i64,
    committed_at: PrimitiveDateTime,
}

/// Commits the ledger's offsets for the group, and the beginning for partitions the ledger does not know; gives a line for each.
///
/// # Errors
/// MySQL cannot be read, or Kafka takes no offsets, as while a transformer runs.
pub async fn rewind(settings: &Settings) -> Result<Vec<String>, RewindError> {
    let pool = pool(&settings.mysql, 1).await?;
    let ledger: Vec<Known> = sqlx::query_as(include_str!("rewind/offsets.sql")).fetch_all(&pool).await?;
    // A member with a name of its own counts until its session ends, also after it was stopped.
    let patience = settings.kafka.session_timeout.0 + GRACE;
    let attempts = usize::try_from(patience.as_millis() / BETWEEN.as_millis()).unwrap_or(usize::MAX);
    let waits = ConstantBuilder::default().with_delay(BETWEEN).with_max_times(attempts);
    let attempt = async || {
        let (brokers, group) = (settings.kafka.brokers.clone(), settings.kafka.group_id.clone());
        let ledger = ledger.clone();
        let commit = tokio::task::spawn_blocking(move || commit(&brokers, &group, &ledger));
        commit.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    };
    attempt.retry(waits).when(RewindError::has_members).await
}

impl RewindError {
    /// The group has members, or one that was stopped a moment ago.
    fn has_members(&self) -> bool {
        let code = match self {
            Self::Kafka { source, .. } => source.rdkafka_error_code(),
            Self::Connect(_) | Self::Read(_) => None,
        };
        matches!(code, Some(RDKafkaErrorCode::UnknownMemberId | RDKafkaErrorCode::IllegalGeneration))
    }
}

/// Where a partition is read from: retention may have taken the oldest; a Kafka that lost its volume begins anew, and
/// what the ledger knows of it is past its end, or, where it has outgrown that since, past the first message of its time.
fn resume(known: Option<i64>, by_time: Option<i64>, low: i64, high: i64) -> i64 {
    known.filter(|at| *at <= high).map_or(low, |at| at.min(by_time.unwrap_or(at))).max(low)
}

/// The first message of a partition that Kafka has from the ledger's time on.
fn by_time(consumer: &BaseConsumer, known: &Known) -> Result<Option<i64>, KafkaError> {
    let moment = known.committed_at.assume_utc().unix_timestamp_nanos() / 1_000_000;
    let moment = Offset::Offset(i64::try_from(moment).unwrap_or_default());
    let mut times = TopicPartitionList::new();
    times.add_partition_offset(&known.topic, known.kafka_partition, moment)?;
    let found = consumer.offsets_for_times(times, LIMIT)?;
    let offset = found.elements().first().map(rdkafka::topic_partition_list::TopicPartitionListElem::offset);
    Ok(if let Some(Offset::Offset(offset)) = offset { Some(offset) } else { None })
}

fn commit(brokers: &str, group: &str, ledger: &[Known]) -> Result<Vec<String>, RewindError> {
    let failed = |doing| move |source| RewindError::Kafka { doing, source };
    let consumer: BaseConsumer = client(brokers)
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .create()
        .map_err(failed("making a client"))?;
    let topic = contract::topics::BATCHES;
    let metadata = consumer.fetch_metadata(Some(topic), LIMIT).map_err(failed("asking for the topic"))?;
    let partitions = metadata.topics().iter().flat_map(|topic| topic.partitions());
    let (mut offsets, mut told) = (TopicPartitionList::new(), Vec::new());
    for partition in partitions.map(|partition| partition.id()) {
        let (low, high) =
            consumer.fetch_watermarks(topic, partition, LIMIT).map_err(failed("asking for a partition"))?;
        let known = ledger.iter().find(|row| row.topic == topic && row.kafka_partition == partition);
        let since = known.map(|known| by_time(&consumer, known)).transpose();
        let since = since.map_err(failed("asking for a moment's offset"))?.flatten();
        let offset = resume(known.map(|known| known.kafka_offset), since, low, high);
        offsets
            .add_partition_offset(topic, partition, Offset::Offset(offset))
            .map_err(failed("naming an offset"))?;
        told.push(format!("{topic}/{partition}: from {offset}, of {low} to {high}"));
    }
    consumer.commit(&offsets, CommitMode::Sync).map_err(failed("committing the offsets"))?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_read_from_where_the_ledger_ends_or_from_its_beginning_where_that_tells_nothing() {
        assert_eq!(resume(Some(40), Some(40), 10, 100), 40);
        assert_eq!(resume(Some(40), Some(38), 10, 100), 38, "another producer's clock");
        assert_eq!(resume(Some(4), Some(10), 10, 100), 10, "retention took some");
        assert_eq!(resume(None, None, 10, 100), 10);
        assert_eq!(resume(Some(100), None, 10, 100), 100);
        assert_eq!(resume(Some(4000), Some(0), 0, 300), 0, "another Kafka: nothing of it was applied");
        assert_eq!(resume(Some(40), Some(0), 0, 300), 0, "another Kafka, which has outgrown the ledger");
    }
}
