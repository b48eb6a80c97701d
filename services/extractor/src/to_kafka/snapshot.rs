//! What the cursor topic holds: the last committed record of each key.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use contract::topics::CURSORS;
use contract::{Cursor, Money, Record, Started, WireError, decode};
use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Message as _, Offset, TopicPartitionList};

use super::producer::Failure;
use super::transaction::{CURSOR, Transaction, cursor_key, money_key, started_key};
use crate::config::KafkaSettings;

/// The last committed record of each key.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    last: BTreeMap<String, Vec<u8>>,
    /// Identity of the first record of each cursor.
    owners: BTreeMap<String, String>,
}

impl Snapshot {
    /// Reads until the start record of `me` returns.
    pub(super) async fn until_started(
        settings: &KafkaSettings,
        me: &Started,
        limit: Duration,
    ) -> Result<Self, Failure> {
        Self::read(settings, limit, Until::Started(me.clone())).await
    }

    /// Reads all that is committed by now, transactions of others that are open by now included: a reader of what is
    /// committed stops before the first open one, and what lies behind that is not to be overlooked.
    ///
    /// # Errors
    /// Kafka does not answer in time, or a transaction stays open.
    pub async fn to_the_end(settings: &KafkaSettings) -> Result<Self, Failure> {
        Self::read(settings, settings.start_timeout.0, Until::End).await
    }

    async fn read(settings: &KafkaSettings, limit: Duration, until: Until) -> Result<Self, Failure> {
        let config = ClientConfig::new()
            .set("bootstrap.servers", &settings.brokers)
            // Never joined nor committed to: the partition is assigned by hand.
            .set("group.id", "extractor.cursors")
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true")
            .set("allow.auto.create.topics", "false")
            .set("fetch.wait.max.ms", "20")
            .set("queued.max.messages.kbytes", "1024")
            .clone();
        let work = move || blocking(&config, limit, &until);
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Failure::thread(&error))?
            .map_err(|error| Failure::read(&error))
    }

    /// Where a rule stands.
    ///
    /// # Errors
    /// A record of another release.
    pub fn cursor(&self, rule: &str) -> Result<Option<Cursor>, WireError> {
        self.record(&cursor_key(rule))
    }

    /// What an identity spent.
    ///
    /// # Errors
    /// A record of another release.
    pub fn money(&self, identity: &str) -> Result<Option<Money>, WireError> {
        self.record(&money_key(identity))
    }

    /// Cursors of every rule.
    ///
    /// # Errors
    /// A record of another release.
    pub fn cursors(&self) -> Result<Vec<Cursor>, WireError> {
        let all = self.last.iter().filter(|(key, _)| key.starts_with(CURSOR));
        all.map(|(_, value)| decode(value, |_| None)).collect()
    }

    pub(super) fn last_started(&self, identity: &str) -> Option<Started> {
        self.record(&started_key(identity)).ok().flatten()
    }

    /// Whether this very transaction was committed, and nothing under its key since.
    pub(super) fn holds(&self, transaction: &Transaction) -> bool {
        transaction.witness().is_some_and(|witness| self.last.get(&witness.key) == Some(&witness.value))
    }

    /// Who collected a rule first: two that claim one at the same time both see the same order.
    pub fn first_owner(&self, rule: &str) -> Option<String> {
        self.owners.get(&cursor_key(rule)).cloned()
    }

    fn take(&mut self, key: &str, value: &[u8]) {
        if key.starts_with(CURSOR)
            && !self.owners.contains_key(key)
            && let Ok(cursor) = decode::<Cursor>(value, |_| None)
        {
            self.owners.insert(key.to_owned(), cursor.identity);
        }
        self.last.insert(key.to_owned(), value.to_vec());
    }

    fn record<T: Record>(&self, key: &str) -> Result<Option<T>, WireError> {
        self.last.get(key).map(|value| decode(value, |_| None)).transpose()
    }
}

/// The end of the partition is asked for here; the default context logs it as an error.
struct Quiet;

impl ClientContext for Quiet {
    fn error(&self, error: KafkaError, reason: &str) {
        if !matches!(error, KafkaError::Global(RDKafkaErrorCode::PartitionEOF)) {
            tracing::warn!(%error, reason, "reading the cursor topic");
        }
    }
}

impl ConsumerContext for Quiet {}

enum Until {
    End,
    Started(Started),
}

fn blocking(config: &ClientConfig, limit: Duration, until: &Until) -> Result<Snapshot, KafkaError> {
    let consumer: BaseConsumer<Quiet> = config.create_with_context(Quiet)?;
    let deadline = Instant::now() + limit;
    if matches!(until, Until::End) {
        await_open_transactions(config, &consumer, deadline)?;
    }
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(CURSORS, 0, Offset::Beginning)?;
    consumer.assign(&assignment)?;
    let mut snapshot = Snapshot::default();
    let mut last_error = None;
    while Instant::now() < deadline {
        let message = match consumer.poll(Duration::from_millis(200)) {
            None => continue,
            Some(Ok(message)) => message,
            Some(Err(KafkaError::PartitionEOF(_))) if matches!(until, Until::End) => return Ok(snapshot),
            // The record is committed; an open transaction of another identity may stand before it for a moment.
            Some(Err(KafkaError::PartitionEOF(_))) => continue,
            Some(Err(error)) => {
                last_error = Some(error);
                continue;
            }
        };
        let Some(Ok(key)) = message.key_view::<str>() else { continue };
        match message.payload() {
            Some(value) => {
                snapshot.take(key, value);
                if let Until::Started(me) = until
                    && snapshot.last_started(&me.identity).as_ref() == Some(me)
                {
                    return Ok(snapshot);
                }
            }
            None => {
                snapshot.last.remove(key);
                snapshot.owners.remove(key);
            }
        }
    }
    Err(last_error.unwrap_or(KafkaError::Global(RDKafkaErrorCode::OperationTimedOut)))
}

/// Returns when whatever is written by now is committed or aborted; Kafka itself ends what its producer left open.
fn await_open_transactions(
    config: &ClientConfig,
    committed: &BaseConsumer<Quiet>,
    deadline: Instant,
) -> Result<(), KafkaError> {
    let everything: BaseConsumer<Quiet> =
        config.clone().set("isolation.level", "read_uncommitted").create_with_context(Quiet)?;
    // A client is told the end as its isolation sees it: to this one the first open transaction is none.
    let (_, written) = everything.fetch_watermarks(CURSORS, 0, left(deadline))?;
    let mut told = false;
    while committed.fetch_watermarks(CURSORS, 0, left(deadline))?.1 < written {
        if Instant::now() >= deadline {
            return Err(KafkaError::Global(RDKafkaErrorCode::OperationTimedOut));
        }
        if !told {
            tracing::info!("waiting for a transaction that another extractor has open on the cursor topic");
            told = true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}
