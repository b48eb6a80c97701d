//! The producer of dead letters; made when the first one is sent, as most processes never need it.

use std::sync::OnceLock;
use std::time::Duration;

use contract::topics::{REJECTED, REJECTED_LIMIT_BYTES};
use contract::{WireError, headers};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord, Producer as _};
use rdkafka::util::Timeout;
use thiserror::Error;

use super::Letter;
use crate::from_kafka::client;

/// A letter was not acknowledged.
#[derive(Debug, Error)]
pub enum AsideError {
    /// The broker.
    #[error("topic {REJECTED}: {key} was not acknowledged: {source}")]
    NotAcknowledged {
        /// Name of the letter.
        key: String,
        /// Why.
        source: KafkaError,
    },
    /// A record that does not fit its schema.
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// Sends dead letters, each acknowledged by all replicas in sync.
pub struct Aside {
    brokers: String,
    producer: OnceLock<FutureProducer>,
}

/// Until a letter counts as not acknowledged; the caller tries again.
const LIMIT: Duration = Duration::from_secs(10);

impl Aside {
    /// Connects to nothing yet.
    pub fn new(brokers: &str) -> Self {
        Self { brokers: brokers.to_owned(), producer: OnceLock::new() }
    }

    /// Sends letters and waits for all of them to be acknowledged.
    ///
    /// # Errors
    /// One was not: send all again, the same names make them the same letters.
    pub async fn send(&self, letters: &[Letter]) -> Result<(), AsideError> {
        let mut values = Vec::with_capacity(letters.len());
        for letter in letters {
            values.push(contract::encode(&letter.record)?);
        }
        let Some(first) = letters.first() else { return Ok(()) };
        let failed = |key: &str| {
            let key = key.to_owned();
            move |source| AsideError::NotAcknowledged { key, source }
        };
        let producer = self.producer().map_err(failed(&first.key))?;
        let sent = letters.iter().zip(&values).map(|(letter, value)| {
            let record = FutureRecord::to(REJECTED).key(&letter.key).payload(value);
            let content_type =
                Header { key: headers::CONTENT_TYPE, value: Some(headers::SINGLE_OBJECT_TYPE) };
            let record = record.headers(OwnedHeaders::new().insert(content_type));
            async move {
                let sent = producer.send(record, Timeout::After(LIMIT)).await;
                sent.map_err(|(source, _)| failed(&letter.key)(source))
            }
        });
        futures_util::future::try_join_all(sent).await?;
        Ok(())
    }

    fn producer(&self) -> Result<&FutureProducer, KafkaError> {
        if let Some(producer) = self.producer.get() {
            return Ok(producer);
        }
        let made: FutureProducer = client(&self.brokers)
            .set("enable.idempotence", "true")
            .set("message.max.bytes", REJECTED_LIMIT_BYTES.to_string())
            .set("message.timeout.ms", LIMIT.as_millis().to_string())
            .set("compression.type", "zstd")
            .set("linger.ms", "0")
            .create()?;
        // Another writer may have been quicker; one of the two is dropped unused.
        Ok(self.producer.get_or_init(|| made))
    }

    /// Gives the client's last deliveries a moment, at the end of the process.
    pub fn flush(&self, limit: Duration) {
        if let Some(Err(error)) = self.producer.get().map(|producer| producer.flush(limit)) {
            tracing::warn!(%error, "dead letters may not have been delivered; their messages come again");
        }
    }
}

impl std::fmt::Debug for Aside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aside").field("brokers", &self.brokers).finish_non_exhaustive()
    }
}
