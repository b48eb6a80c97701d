//! Batches sent as an extractor sends them, in Kafka transactions: the transformer's tests need no extractor.

mod load;
mod pages;
mod parcel;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use contract::TweetBatch;
use contract::topics::{TopicSpec, specs};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::producer::{FutureProducer, Producer};

pub use load::Load;
pub use pages::Pages;
pub use parcel::Parcel;

use crate::error::SandboxError;
use crate::verdict::Carried;

const LIMIT: Duration = Duration::from_secs(60);
/// Of a transaction that can be aborted and sent again.
const TRIES: u32 = 3;

/// A producer of batches, and what it was told to send.
pub struct Feed {
    producer: FutureProducer,
    brokers: String,
    sent: Mutex<Carried>,
}

impl Feed {
    /// Makes the topics with the contract's settings where they are missing, and a transactional producer called `name`.
    ///
    /// # Errors
    /// The broker refuses either, or does not answer within a minute.
    pub async fn open(brokers: &str, name: &str) -> Result<Self, SandboxError> {
        for spec in specs(1, 30) {
            make_topic(brokers, &spec).await?;
        }
        let producer: FutureProducer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("transactional.id", name)
            .set("compression.type", "zstd")
            .set("message.max.bytes", contract::topics::MESSAGE_LIMIT_BYTES.to_string())
            .create()
            .map_err(failed("make a producer"))?;
        let feed = Self { producer, brokers: brokers.to_owned(), sent: Mutex::default() };
        feed.blocking("begin to produce", |producer| producer.init_transactions(LIMIT)).await?;
        Ok(feed)
    }

    /// `bootstrap.servers`.
    pub fn brokers(&self) -> &str {
        &self.brokers
    }

    /// Sends batches in the newest schema, in one transaction; they count as sent.
    ///
    /// # Errors
    /// The broker does not take them.
    pub async fn send(&self, batches: &[TweetBatch]) -> Result<(), SandboxError> {
        let parcels: Vec<Parcel> = batches.iter().map(Parcel::of).collect();
        self.send_as(batches, parcels).await
    }

    /// Sends batches in the form of `parcels`, one for one, in one transaction; they count as sent.
    ///
    /// # Errors
    /// The broker does not take them.
    pub async fn send_as(&self, batches: &[TweetBatch], parcels: Vec<Parcel>) -> Result<(), SandboxError> {
        let places = self.send_raw(parcels).await?;
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        for (batch, place) in batches.iter().zip(places) {
            sent.take(batch, place);
        }
        Ok(())
    }

    /// Sends messages that are no batches, or not to be counted as such, in one transaction; returns where they lie
    /// (partition, offset). A transaction that a broker's end broke off is aborted and sent again.
    ///
    /// # Errors
    /// The broker does not take them.
    pub async fn send_raw(&self, parcels: Vec<Parcel>) -> Result<Vec<(i32, i64)>, SandboxError> {
        for _ in 1..TRIES {
            match self.transaction(&parcels).await {
                Ok(places) => return Ok(places),
                Err(broken) => {
                    tracing::debug!(%broken, "sent again");
                    self.blocking("abort a transaction", |producer| producer.abort_transaction(LIMIT))
                        .await?;
                }
            }
        }
        self.transaction(&parcels).await
    }

    async fn transaction(&self, parcels: &[Parcel]) -> Result<Vec<(i32, i64)>, SandboxError> {
        self.blocking("begin a transaction", |producer| producer.begin_transaction()).await?;
        let sent = parcels.iter().map(|parcel| async {
            let delivered = self.producer.send(parcel.record(), LIMIT).await;
            delivered.map(|at| (at.partition, at.offset)).map_err(|(source, _)| failed("produce")(source))
        });
        let places = futures_util::future::try_join_all(sent).await?;
        self.blocking("commit a transaction", |producer| producer.commit_transaction(LIMIT)).await?;
        Ok(places)
    }

    /// What was sent so far: the truth of a test.
    pub fn sent(&self) -> Carried {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn blocking(
        &self,
        action: &'static str,
        call: impl FnOnce(&FutureProducer) -> Result<(), rdkafka::error::KafkaError> + Send + 'static,
    ) -> Result<(), SandboxError> {
        let producer = self.producer.clone();
        let called = tokio::task::spawn_blocking(move || call(&producer)).await;
        called.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())).map_err(failed(action))
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Feed").field("brokers", &self.brokers).finish_non_exhaustive()
    }
}

/// Makes one topic where it is missing; one that is there stays as it is.
///
/// # Errors
/// The broker refuses, or does not answer.
pub async fn make_topic(brokers: &str, spec: &TopicSpec) -> Result<(), SandboxError> {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create().map_err(failed("make a client"))?;
    let mut topic = NewTopic::new(spec.name, spec.partitions, TopicReplication::Fixed(1));
    for (setting, value) in &spec.settings {
        topic = topic.set(setting, value);
    }
    let options = AdminOptions::new().operation_timeout(Some(LIMIT));
    let made = admin.create_topics([&topic], &options).await.map_err(failed("make a topic"))?;
    for result in made {
        match result {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => {
                return Err(failed("make a topic")(rdkafka::error::KafkaError::AdminOp(code)));
            }
        }
    }
    Ok(())
}

fn failed(action: &'static str) -> impl Fn(rdkafka::error::KafkaError) -> SandboxError {
    move |source| SandboxError::Kafka { action, source }
}
