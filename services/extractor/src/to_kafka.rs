//! Batch, cursor and money to Kafka, in one transaction, until Kafka takes it.

mod producer;
mod registry;
mod snapshot;
mod transaction;

use std::sync::Arc;
use std::time::Duration;

use backon::BackoffBuilder as _;
use contract::Started;

use crate::config::KafkaSettings;

pub use producer::{Failure, Receipt};
pub use registry::{Framing, RegistryError};
pub use snapshot::Snapshot;
pub use transaction::{Message, Transaction, cursor_key, money_key, started_key};

use producer::Producer;

/// How far a start record may be behind the fencing that comes with it.
const BEHIND: Duration = Duration::from_secs(5);

/// Another process runs under this identity: nothing may be written or bought any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} took over the identity {} at {}", by.instance, by.identity, shown(by.started_at))]
pub struct Fenced {
    /// Who.
    pub by: Started,
}

fn shown(millis: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000))
        .ok()
        .and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok())
        .unwrap_or_default()
}

/// Why the start cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Kafka does not take the record that this process started.
    #[error(
        "kafka.brokers: {brokers} did not take this identity's first transaction within {waited:?}: {reason}"
    )]
    NotTaken {
        /// As set.
        brokers: String,
        /// Limit.
        waited: Duration,
        /// The last error.
        reason: String,
    },
    /// The records of the cursor topic are not those of this program.
    #[error("extractor.cursors.v1: {0}")]
    Record(#[from] contract::WireError),
}

/// The one writer of this identity.
pub struct ToKafka {
    settings: KafkaSettings,
    me: Started,
    producer: Option<Arc<Producer>>,
}

impl ToKafka {
    /// Takes the identity: fences whoever had it, says so in the cursor topic, and reads that topic until this record
    /// returns. What it held by then is where the collection stands.
    ///
    /// # Errors
    /// Kafka takes nothing within `kafka.start_timeout`.
    pub async fn start(settings: &KafkaSettings, me: Started) -> Result<(Self, Snapshot), StartError> {
        let until = tokio::time::Instant::now() + settings.start_timeout.0;
        let transaction = Transaction::new().started(&me)?;
        let mut to_kafka = Self { settings: settings.clone(), me, producer: None };
        loop {
            let failure = match to_kafka.take(&transaction).await {
                Ok(snapshot) => return Ok((to_kafka, snapshot)),
                Err(failure) => failure,
            };
            to_kafka.producer = None;
            if tokio::time::Instant::now() >= until {
                return Err(StartError::NotTaken {
                    brokers: settings.brokers.clone(),
                    waited: settings.start_timeout.0,
                    reason: failure.to_string(),
                });
            }
            tracing::warn!(%failure, "Kafka does not take the start record yet");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn take(&mut self, started: &Transaction) -> Result<Snapshot, Failure> {
        let timeout = self.settings.start_timeout.0;
        let producer = Producer::open(&self.settings, &self.me.identity).await?;
        let producer = self.producer.insert(Arc::new(producer));
        producer.commit(started).await?;
        Snapshot::until_started(&self.settings, &self.me, timeout).await
    }

    /// Commits, and does not return before Kafka has taken it or this process was fenced. `waiting` hears of each
    /// failure on the way.
    ///
    /// # Errors
    /// Fenced: the transaction was not and will not be written by this process.
    pub async fn commit(
        &mut self,
        transaction: &Transaction,
        mut waiting: impl FnMut(&Failure),
    ) -> Result<Receipt, Fenced> {
        let pauses = || {
            backon::ExponentialBuilder::default()
                .with_min_delay(Duration::from_millis(200))
                .with_max_delay(Duration::from_secs(10))
                .with_jitter()
                .without_max_times()
                .build()
        };
        let mut pause = pauses();
        loop {
            let failure = match self.attempt(transaction).await {
                Ok(receipt) => return Ok(receipt),
                Err(Stop::Fenced(fenced)) => return Err(fenced),
                Err(Stop::Failed(failure)) => failure,
            };
            waiting(&failure);
            tracing::warn!(%failure, "Kafka did not take the transaction; trying again");
            if failure.needs_new_producer() {
                self.producer = None;
            }
            tokio::time::sleep(pause.next().unwrap_or(Duration::from_secs(10))).await;
        }
    }

    async fn attempt(&mut self, transaction: &Transaction) -> Result<Receipt, Stop> {
        if let Some(producer) = &self.producer {
            let failure = match producer.commit(transaction).await {
                Ok(receipt) => return Ok(receipt),
                Err(failure) => failure,
            };
            if !failure.looks_fenced() {
                return Err(failure.into());
            }
            self.producer = None;
            self.who_took_over().await?;
            tracing::warn!(%failure, "the producer was fenced, but nobody started under this identity");
        }
        self.reopen(transaction).await
    }

    /// A new producer for a transaction whose fate is unknown. Whether another process has the identity is asked
    /// before and after: opening fences, and a process that started in between is to win.
    async fn reopen(&mut self, transaction: &Transaction) -> Result<Receipt, Stop> {
        self.refuse_if_taken(&Snapshot::to_the_end(&self.settings).await?)?;
        let producer = Arc::new(Producer::open(&self.settings, &self.me.identity).await?);
        let snapshot = Snapshot::to_the_end(&self.settings).await?;
        self.refuse_if_taken(&snapshot)?;
        self.producer = Some(Arc::clone(&producer));
        if snapshot.holds(transaction) {
            tracing::info!("the transaction had been committed before its producer broke");
            return Ok(Receipt::default());
        }
        Ok(producer.commit(transaction).await?)
    }

    /// The broker says that somebody else has the transactional id; the start record may be a moment behind.
    async fn who_took_over(&self) -> Result<(), Stop> {
        let until = tokio::time::Instant::now() + BEHIND;
        while tokio::time::Instant::now() < until {
            self.refuse_if_taken(&Snapshot::to_the_end(&self.settings).await?)?;
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        Ok(())
    }

    fn refuse_if_taken(&self, snapshot: &Snapshot) -> Result<(), Fenced> {
        match snapshot.last_started(&self.me.identity) {
            Some(by) if by.instance != self.me.instance => Err(Fenced { by }),
            _ => Ok(()),
        }
    }
}

enum Stop {
    Fenced(Fenced),
    Failed(Failure),
}

impl From<Fenced> for Stop {
    fn from(fenced: Fenced) -> Self {
        Self::Fenced(fenced)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
