//! How a Kafka client is set up, and whether brokers answer at all.

use std::time::Duration;

use contract::topics::REJECTED_LIMIT_BYTES;
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::metadata::Metadata;
use thiserror::Error;

/// No broker answers.
#[derive(Debug, Error)]
#[error(
    "kafka.brokers: no answer from {brokers} within {} s ({source}): is Kafka running there, and is the address the one it advertises?",
    limit.as_secs()
)]
pub struct BrokerError {
    /// As set.
    pub brokers: String,
    /// How long was waited.
    pub limit: Duration,
    /// The client's words.
    pub source: KafkaError,
}

/// What every client of this process is given.
pub fn client(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("client.id", "garimpo-transformer");
    // librdkafka checks before compression, and a batch may reach the limit.
    config.set("message.max.bytes", REJECTED_LIMIT_BYTES.to_string());
    config
}

/// Compressed bytes of one fetch, and of one partition in it. Unpacked they take several times that, and they are held
/// whole: librdkafka's own 50 MB and 1 MB would be the most memory of this process. A larger message still comes.
const FETCH_BYTES: usize = 512 * 1024;
const FETCH_BYTES_OF_A_PARTITION: usize = 256 * 1024;

/// How long a partition whose messages fill the queue is not asked for more. librdkafka's own second would leave
/// writers without work: they empty a small queue in a fraction of it.
const FULL_QUEUE_BACKOFF_MS: usize = 20;

/// What every consumer is given: committed messages alone, from the beginning where nothing else is known, offsets
/// moved by nobody but us.
pub(super) fn consumer(brokers: &str, prefetch_kib: usize) -> ClientConfig {
    let mut config = client(brokers);
    config
        .set("isolation.level", "read_committed")
        // The ledger absorbs what is read again; a lost offset must not skip anything.
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("queued.max.messages.kbytes", prefetch_kib.to_string())
        .set("fetch.queue.backoff.ms", FULL_QUEUE_BACKOFF_MS.to_string())
        // Of a consumer it only bounds the next one from below.
        .set("message.max.bytes", FETCH_BYTES.to_string())
        .set("fetch.max.bytes", FETCH_BYTES.to_string())
        .set("fetch.message.max.bytes", FETCH_BYTES_OF_A_PARTITION.to_string())
        .set("receive.message.max.bytes", (2 * REJECTED_LIMIT_BYTES).to_string());
    config
}

/// Context of clients that are asked once: a broken connection is told by the error, not by log lines beside it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl ClientContext for Quiet {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, text: &str) {
        tracing::debug!(facility, text, "librdkafka");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "librdkafka");
    }
}

impl ConsumerContext for Quiet {}

/// Asks the brokers for their metadata; blocks for at most `limit`.
///
/// # Errors
/// No broker answers.
pub fn reach(brokers: &str, limit: Duration) -> Result<Metadata, BrokerError> {
    let failed = |source| BrokerError { brokers: brokers.to_owned(), limit, source };
    let consumer: BaseConsumer<Quiet> = client(brokers).create_with_context(Quiet).map_err(failed)?;
    consumer.fetch_metadata(None, limit).map_err(failed)
}
