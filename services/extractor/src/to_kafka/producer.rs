//! The transactional producer: one transaction at a time, on a thread that may block.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use contract::topics::{BATCHES, MESSAGE_LIMIT_BYTES};
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, Message as _, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext};
use rdkafka::util::Timeout;

use super::transaction::Transaction;
use crate::config::KafkaSettings;

/// A call into the client returns within this time at most, so that a stop and the heartbeat get their turn.
const CALL: Duration = Duration::from_secs(10);
/// Retriable errors of one transaction are waited out this long before it is done again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the first batch of a transaction lies; nothing where an earlier attempt had committed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// Partition and offset.
    pub batch: Option<(i32, i64)>,
}

/// Kafka did not take a transaction this time.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {reason}")]
pub struct Failure {
    doing: &'static str,
    reason: String,
    code: Option<RDKafkaErrorCode>,
    broken: bool,
}

impl Failure {
    fn of(doing: &'static str, error: &KafkaError, broken: bool) -> Self {
        let fatal = matches!(error, KafkaError::Transaction(inner) if inner.is_fatal());
        let code = error.rdkafka_error_code();
        let fatal = fatal || matches!(code, Some(RDKafkaErrorCode::Fatal));
        Self { doing, reason: error.to_string(), code, broken: broken || fatal }
    }

    pub(super) fn read(error: &KafkaError) -> Self {
        Self::of("reading the cursor topic", error, false)
    }

    pub(super) fn thread(error: &tokio::task::JoinError) -> Self {
        Self { doing: "calling Kafka", reason: error.to_string(), code: None, broken: true }
    }

    /// The producer cannot be used any more.
    pub fn needs_new_producer(&self) -> bool {
        self.broken || self.looks_fenced()
    }

    /// The broker says that another producer has the transactional id.
    pub fn looks_fenced(&self) -> bool {
        use RDKafkaErrorCode as Code;
        matches!(self.code, Some(Code::Fenced | Code::ProducerFenced | Code::InvalidProducerEpoch))
    }
}

#[derive(Debug, Default)]
struct Deliveries(Mutex<Option<(i32, i64)>>);

impl rdkafka::ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, delivery: &DeliveryResult<'_>, (): ()) {
        // Failures come back from the commit.
        if let Ok(message) = delivery
            && message.topic() == BATCHES
        {
            let first = (message.partition(), message.offset());
            self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(first);
        }
    }
}

/// Polled only within a transaction: a thread that always polls costs an idle process most of its CPU time.
pub(super) struct Producer(Arc<BaseProducer<Deliveries>>);

impl Producer {
    /// Makes the producer of an identity, which fences every earlier one.
    pub(super) async fn open(settings: &KafkaSettings, identity: &str) -> Result<Self, Failure> {
        let config = ClientConfig::new()
            .set("bootstrap.servers", &settings.brokers)
            .set("transactional.id", format!("extractor-{identity}"))
            .set("transaction.timeout.ms", "60000")
            .set("compression.type", "zstd")
            .set("partitioner", "murmur2_random")
            .set("message.max.bytes", MESSAGE_LIMIT_BYTES.to_string())
            .set("queue.buffering.max.kbytes", "16384")
            .set("linger.ms", "0")
            .set("allow.auto.create.topics", "false")
            .clone();
        let timeout = settings.start_timeout.0.min(CALL);
        let open = move || {
            let producer: BaseProducer<Deliveries> = config
                .create_with_context(Deliveries::default())
                .map_err(|error| Failure::of("making a producer", &error, true))?;
            let taken = patiently(|| producer.init_transactions(Timeout::After(timeout)));
            taken.map_err(|error| Failure::of("taking the transactional id", &error, true))?;
            Ok(Self(Arc::new(producer)))
        };
        tokio::task::spawn_blocking(open).await.map_err(|error| Failure::thread(&error))?
    }

    /// One transaction, from begin to commit. After an error nothing of it is visible, or its fate is unknown and the
    /// failure asks for a new producer.
    pub(super) async fn commit(&self, transaction: &Transaction) -> Result<Receipt, Failure> {
        let (producer, transaction) = (Arc::clone(&self.0), transaction.clone());
        let work = move || run(&producer, &transaction);
        tokio::task::spawn_blocking(work).await.map_err(|error| Failure::thread(&error))?
    }
}

fn run(producer: &BaseProducer<Deliveries>, transaction: &Transaction) -> Result<Receipt, Failure> {
    let delivered = || producer.context().0.lock().unwrap_or_else(PoisonError::into_inner);
    *delivered() = None;
    producer.begin_transaction().map_err(|error| Failure::of("beginning a transaction", &error, true))?;
    if let Err(failure) = send(producer, transaction) {
        return Err(undo(producer, failure));
    }
    await_deliveries(producer);
    let commit = || {
        producer.poll(Duration::ZERO);
        producer.commit_transaction(Timeout::After(CALL))
    };
    match patiently(commit) {
        Ok(()) => Ok(Receipt { batch: *delivered() }),
        Err(error @ KafkaError::Transaction(_)) if requires_abort(&error) => {
            Err(undo(producer, Failure::of("committing", &error, false)))
        }
        // Whether it was committed is unknown.
        Err(error) => Err(Failure::of("committing", &error, true)),
    }
}

fn send(producer: &BaseProducer<Deliveries>, transaction: &Transaction) -> Result<(), Failure> {
    for message in transaction.messages() {
        let headers = message
            .headers
            .iter()
            .fold(OwnedHeaders::new_with_capacity(message.headers.len()), |headers, (key, value)| {
                headers.insert(Header { key, value: Some(value) })
            });
        let record = BaseRecord::to(message.topic).key(&message.key).payload(&message.value).headers(headers);
        producer.send(record).map_err(|(error, _)| Failure::of("sending", &error, false))?;
    }
    Ok(())
}

/// Serves delivery reports until Kafka has every message, or for as long as one call may take.
fn await_deliveries(producer: &BaseProducer<Deliveries>) {
    let until = Instant::now() + CALL;
    while producer.in_flight_count() > 0 && Instant::now() < until {
        producer.poll(Duration::from_millis(20));
    }
}

fn undo(producer: &BaseProducer<Deliveries>, failure: Failure) -> Failure {
    if failure.needs_new_producer() {
        return failure;
    }
    match patiently(|| producer.abort_transaction(Timeout::After(CALL))) {
        Ok(()) => failure,
        Err(error) => Failure::of("aborting a transaction", &error, true),
    }
}

fn requires_abort(error: &KafkaError) -> bool {
    matches!(error, KafkaError::Transaction(inner) if inner.txn_requires_abort())
}

/// Calls again while the client says that the same call may succeed.
fn patiently(mut call: impl FnMut() -> Result<(), KafkaError>) -> Result<(), KafkaError> {
    let until = Instant::now() + PATIENCE;
    loop {
        match call() {
            Err(KafkaError::Transaction(error)) if error.is_retriable() && Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(50));
            }
            result => return result,
        }
    }
}
