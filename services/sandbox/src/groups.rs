//! Where a consumer group stands: the offsets it has committed.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use crate::error::SandboxError;

const LIMIT: Duration = Duration::from_secs(20);

/// The offset `group` has committed for each partition of `topic`; partitions without one are left out.
///
/// # Errors
/// The topic does not exist, or the broker does not answer within 20 s.
pub async fn committed(brokers: &str, group: &str, topic: &str) -> Result<BTreeMap<i32, i64>, SandboxError> {
    let (brokers, group, topic) = (brokers.to_owned(), group.to_owned(), topic.to_owned());
    let asked = tokio::task::spawn_blocking(move || ask(&brokers, &group, &topic));
    asked.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

fn ask(brokers: &str, group: &str, topic: &str) -> Result<BTreeMap<i32, i64>, SandboxError> {
    let failed = |action| move |source| SandboxError::Kafka { action, source };
    // It asks for the group's offsets and joins nothing.
    let client: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", group)
        .set("enable.auto.commit", "false")
        .create()
        .map_err(failed("make a client"))?;
    let metadata = client.fetch_metadata(Some(topic), LIMIT).map_err(failed("ask for a topic"))?;
    let found = metadata.topics().iter().find(|found| found.name() == topic && found.error().is_none());
    let found = found.ok_or_else(|| SandboxError::NoTopic { topic: topic.to_owned() })?;
    let mut wanted = TopicPartitionList::new();
    for partition in found.partitions() {
        wanted.add_partition(topic, partition.id());
    }
    let offsets = client.committed_offsets(wanted, LIMIT).map_err(failed("ask for a group's offsets"))?;
    let offsets = offsets.elements().into_iter().filter_map(|element| match element.offset() {
        Offset::Offset(offset) => Some((element.partition(), offset)),
        _ => None,
    });
    Ok(offsets.collect())
}
