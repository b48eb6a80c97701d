//! A message before it is sent.

use contract::topics::{BATCHES, COMPLIANCE};
use contract::{BatchId, Compliance, TweetBatch, headers};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::FutureRecord;

/// A message: where it goes and what it holds.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Topic.
    pub topic: &'static str,
    /// Partition; that of the key where there is none.
    pub partition: Option<i32>,
    /// Key.
    pub key: String,
    /// Headers.
    pub headers: Vec<(&'static str, Vec<u8>)>,
    /// Value.
    pub value: Vec<u8>,
}

impl Parcel {
    /// A batch as an extractor sends it: newest schema, key and headers of the contract.
    ///
    /// # Panics
    /// The batch does not fit its schema.
    pub fn of(batch: &TweetBatch) -> Self {
        let value = contract::encode(batch).unwrap_or_else(|error| panic!("{}: {error}", batch.batch_id));
        let id = batch.batch_id.parse::<BatchId>();
        Self {
            topic: BATCHES,
            partition: None,
            key: id.map_or_else(|_| batch.batch_id.clone(), |id| id.partition_key()),
            headers: vec![
                (headers::BATCH_ID, batch.batch_id.clone().into_bytes()),
                (headers::RULE, batch.rule.clone().into_bytes()),
                (headers::CONTENT_TYPE, headers::SINGLE_OBJECT_TYPE.into()),
            ],
            value,
        }
    }

    /// A deletion or undeletion.
    ///
    /// # Panics
    /// The event does not fit its schema.
    pub fn of_compliance(event: &Compliance) -> Self {
        let value = contract::encode(event).unwrap_or_else(|error| panic!("{}: {error}", event.post_id));
        Self {
            topic: COMPLIANCE,
            partition: None,
            key: event.post_id.to_string(),
            headers: Vec::new(),
            value,
        }
    }

    /// The same with another value.
    #[must_use]
    pub fn with_value(self, value: Vec<u8>) -> Self {
        Self { value, ..self }
    }

    /// The same on a partition of choice.
    #[must_use]
    pub fn on_partition(self, partition: i32) -> Self {
        Self { partition: Some(partition), ..self }
    }

    pub(super) fn record(&self) -> FutureRecord<'_, str, [u8]> {
        let all = self
            .headers
            .iter()
            .fold(OwnedHeaders::new(), |all, (key, value)| all.insert(Header { key, value: Some(value) }));
        let record = FutureRecord::to(self.topic).key(self.key.as_str()).payload(self.value.as_slice());
        let record = record.headers(all);
        match self.partition {
            Some(partition) => record.partition(partition),
            None => record,
        }
    }
}
