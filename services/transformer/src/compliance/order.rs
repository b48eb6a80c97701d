//! `transformer compliance delete`: a deletion that somebody asks for, into `tweets.compliance.v1`. The running transformer
//! follows it, and every restore follows it again.

use std::time::Duration;

use contract::topics::COMPLIANCE;
use contract::{Compliance, ComplianceAction, WireError, encode, headers};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::util::Timeout;
use thiserror::Error;

use crate::from_kafka::client;
use crate::metrics::now_ms;

const LIMIT: Duration = Duration::from_secs(20);

/// A deletion that did not reach Kafka.
#[derive(Debug, Error)]
pub enum OrderError {
    /// It does not fit its schema.
    #[error("post {post_id}: {source}")]
    Encode {
        /// Post.
        post_id: i64,
        /// Why.
        source: WireError,
    },
    /// No producer.
    #[error("a producer for {brokers}: {source}")]
    Producer {
        /// As set.
        brokers: String,
        /// The client's words.
        source: KafkaError,
    },
    /// Not acknowledged: it may be ordered again.
    #[error("the deletion of post {post_id} was not acknowledged: {source}; order it again")]
    NotAcknowledged {
        /// Post.
        post_id: i64,
        /// The client's words.
        source: KafkaError,
    },
}

/// Orders the deletion of these posts, one after the other; each is acknowledged before the next is sent.
///
/// # Errors
/// The first that Kafka did not take.
pub async fn delete(brokers: &str, posts: &[i64]) -> Result<(), OrderError> {
    let producer: FutureProducer = client(brokers)
        .set("enable.idempotence", "true")
        .set("message.timeout.ms", LIMIT.as_millis().to_string())
        .create()
        .map_err(|source| OrderError::Producer { brokers: brokers.to_owned(), source })?;
    for &post_id in posts {
        let (action, source) = (ComplianceAction::Delete, "operator".to_owned());
        let value = encode(&Compliance { post_id, action, at: now_ms(), source })
            .map_err(|source| OrderError::Encode { post_id, source })?;
        let (key, content_type) = (post_id.to_string(), Some(headers::SINGLE_OBJECT_TYPE));
        let kind = OwnedHeaders::new().insert(Header { key: headers::CONTENT_TYPE, value: content_type });
        let record = FutureRecord::to(COMPLIANCE).key(&key).payload(&value).headers(kind);
        let sent = producer.send(record, Timeout::After(LIMIT)).await;
        sent.map_err(|(source, _)| OrderError::NotAcknowledged { post_id, source })?;
    }
    Ok(())
}
