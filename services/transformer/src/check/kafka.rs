//! Brokers, topics, and how far the group is.

use std::time::{Duration, Instant};

use contract::topics::BATCHES;
use rdkafka::admin::{AdminClient, AdminOptions, OwnedResourceSpecifier, ResourceSpecifier};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};

use super::Report;
use crate::config::{KafkaSettings, Settings};
use crate::from_kafka::{Quiet, client, inspect};

const LIMIT: Duration = Duration::from_secs(10);

pub(super) async fn look(settings: &Settings, report: &mut Report) {
    let states = match inspect(&settings.kafka).await {
        Ok(states) => states,
        Err(error) => return report.lacks(error.to_string()),
    };
    report.good(format!("brokers answer: {}", settings.kafka.brokers));
    for state in states {
        let name = state.spec.name;
        match state.differences {
            None => report.lacks(format!("topic {name} is absent: `transformer run` creates it")),
            Some(differences) if differences.is_empty() => report.good(format!("topic {name}")),
            Some(differences) => {
                for d in differences {
                    let found = d.found.as_deref().unwrap_or("not set").to_owned();
                    report
                        .lacks(format!("topic {name}: {} is {found} and has to be {}", d.setting, d.wanted));
                }
            }
        }
    }
    brokers(&settings.kafka, report).await;
    let kafka = settings.kafka.clone();
    let lags = tokio::task::spawn_blocking(move || lags(&kafka)).await;
    match lags.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic())) {
        Ok(lags) if lags.is_empty() => {
            report.good(format!("group {}: nothing to read yet", settings.kafka.group_id));
        }
        Ok(lags) => {
            // Offsets hold a marker for each of the extractor's transactions.
            let behind: i64 = lags.iter().map(|lag| lag.behind).sum();
            let each: Vec<String> =
                lags.iter().map(|lag| format!("{}:{}", lag.partition, lag.behind)).collect();
            let group = &settings.kafka.group_id;
            report.good(format!(
                "group {group} is {behind} offsets behind, transaction markers included ({})",
                each.join(" ")
            ));
        }
        Err(error) => {
            report.lacks(format!("group {}: its offsets are not told: {error}", settings.kafka.group_id));
        }
    }
}

/// A cluster's first group waits for the topic of offsets to be made.
fn committed(
    consumer: &BaseConsumer<Quiet>,
    partitions: &TopicPartitionList,
) -> Result<TopicPartitionList, KafkaError> {
    use RDKafkaErrorCode::{CoordinatorLoadInProgress, CoordinatorNotAvailable, NotCoordinator};
    let deadline = Instant::now() + LIMIT;
    loop {
        match consumer.committed_offsets(partitions.clone(), LIMIT) {
            Err(error) if Instant::now() < deadline => match error.rdkafka_error_code() {
                Some(NotCoordinator | CoordinatorNotAvailable | CoordinatorLoadInProgress) => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                _ => return Err(error),
            },
            result => return result,
        }
    }
}

/// A year of minutes.
const YEAR: u64 = 365 * 24 * 60;

/// What the brokers themselves have to be set to.
async fn brokers(kafka: &KafkaSettings, report: &mut Report) {
    let asked = async {
        let admin: AdminClient<Quiet> = client(&kafka.brokers).create_with_context(Quiet)?;
        let metadata = admin.inner().fetch_metadata(None, LIMIT)?;
        let ids: Vec<ResourceSpecifier<'_>> =
            metadata.brokers().iter().map(|broker| ResourceSpecifier::Broker(broker.id())).collect();
        admin.describe_configs(&ids, &AdminOptions::new().request_timeout(Some(LIMIT))).await
    };
    let answers = match asked.await {
        Ok(answers) => answers,
        Err(error) => return report.lacks(format!("brokers do not tell their settings: {error}")),
    };
    for resource in answers.into_iter().flatten() {
        let OwnedResourceSpecifier::Broker(id) = resource.specifier else { continue };
        let setting =
            |name: &str| resource.get(name).and_then(|entry| entry.value.clone()).unwrap_or_default();
        let minutes = setting("offsets.retention.minutes");
        if minutes.parse::<u64>().is_ok_and(|minutes| minutes >= YEAR) {
            report.good(format!("broker {id} keeps the group's offsets for {minutes} minutes"));
        } else {
            report.lacks(format!(
                "broker {id}: offsets.retention.minutes is {minutes}: a group that stands still longer reads all again; set it to {YEAR}"
            ));
        }
        if setting("auto.create.topics.enable") != "false" {
            report.lacks(format!(
                "broker {id}: auto.create.topics.enable is not false: a mistyped name makes a topic with other settings"
            ));
        }
    }
}

struct Lag {
    partition: i32,
    behind: i64,
}

/// What the group has not committed, by partition; blocks.
fn lags(kafka: &KafkaSettings) -> Result<Vec<Lag>, KafkaError> {
    let consumer: BaseConsumer<Quiet> =
        client(&kafka.brokers).set("group.id", &kafka.group_id).create_with_context(Quiet)?;
    let metadata = consumer.fetch_metadata(Some(BATCHES), LIMIT)?;
    let partitions: Vec<i32> = metadata
        .topics()
        .iter()
        .flat_map(|topic| topic.partitions())
        .map(|partition| partition.id())
        .collect();
    let mut list = TopicPartitionList::new();
    for partition in &partitions {
        list.add_partition(BATCHES, *partition);
    }
    let committed = committed(&consumer, &list)?;
    let mut lags = Vec::new();
    for partition in partitions {
        let (low, high) = consumer.fetch_watermarks(BATCHES, partition, LIMIT)?;
        let at = committed.find_partition(BATCHES, partition).map(|element| element.offset());
        let from = match at {
            Some(Offset::Offset(offset)) => offset.max(low),
            _ => low,
        };
        if high > low {
            lags.push(Lag { partition, behind: (high - from).max(0) });
        }
    }
    Ok(lags)
}
