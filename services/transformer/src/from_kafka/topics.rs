//! The topics this service needs: created with explicit settings where absent, refused where they differ.

use std::time::Duration;

use contract::topics::{BATCHES, COMPLIANCE, Difference, REJECTED, TopicSpec, specs};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use thiserror::Error;

use super::client::{BrokerError, Quiet, client, reach};
use crate::config::KafkaSettings;

/// A topic as the brokers have it.
#[derive(Debug, Clone)]
pub struct TopicState {
    /// What it has to be.
    pub spec: TopicSpec,
    /// `None` where it is absent, else what it lacks.
    pub differences: Option<Vec<Difference>>,
}

/// Topics that cannot be used.
#[derive(Debug, Error)]
pub enum TopicError {
    /// No broker answers.
    #[error(transparent)]
    Unreachable(#[from] BrokerError),
    /// The brokers refuse to tell or to create.
    #[error("topic {topic}: cannot be {doing}: {source}")]
    Refused {
        /// Topic.
        topic: &'static str,
        /// described, created
        doing: &'static str,
        /// The broker's words.
        source: KafkaError,
    },
    /// A setting is not what it has to be.
    #[error(
        "topic {topic}: {} is {} and has to be {}: change it with kafka-configs (or kafka-topics for partitions), or the setting here",
        difference.setting, difference.found.as_deref().unwrap_or("not set"), difference.wanted
    )]
    Differs {
        /// Topic.
        topic: &'static str,
        /// The first difference.
        difference: Difference,
    },
}

const LIMIT: Duration = Duration::from_secs(10);

/// Looks at every topic this service needs, and changes nothing.
///
/// # Errors
/// Unreachable brokers, or an answer that is a refusal.
pub async fn inspect(kafka: &KafkaSettings) -> Result<Vec<TopicState>, TopicError> {
    let brokers = kafka.brokers.clone();
    let metadata = tokio::task::spawn_blocking(move || reach(&brokers, LIMIT));
    let metadata = metadata.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))?;
    let admin = admin(kafka)?;
    let mut states = Vec::new();
    for spec in needed(kafka) {
        let topic = metadata.topics().iter().find(|t| t.name() == spec.name && !t.partitions().is_empty());
        let differences = match topic {
            Some(topic) => Some(differences(&admin, &spec, topic.partitions().len()).await?),
            None => None,
        };
        states.push(TopicState { spec, differences });
    }
    Ok(states)
}

/// Creates what is absent.
///
/// # Errors
/// As [`inspect`], and the first difference of a topic that is there.
pub async fn ensure(kafka: &KafkaSettings) -> Result<(), TopicError> {
    let states = inspect(kafka).await?;
    let admin = admin(kafka)?;
    for state in &states {
        if state.differences.is_none() {
            create(&admin, &state.spec, kafka.replication_factor).await?;
            tracing::info!(topic = state.spec.name, partitions = state.spec.partitions, "topic created");
        }
    }
    // One that another process created a moment ago may be another topic than ours.
    let states = if states.iter().any(|s| s.differences.is_none()) { inspect(kafka).await? } else { states };
    for state in states {
        if let Some(difference) = state.differences.into_iter().flatten().next() {
            return Err(TopicError::Differs { topic: state.spec.name, difference });
        }
    }
    Ok(())
}

fn needed(kafka: &KafkaSettings) -> impl Iterator<Item = TopicSpec> {
    let all = specs(kafka.replication_factor, kafka.retention_days);
    all.into_iter().filter(|spec| matches!(spec.name, BATCHES | REJECTED | COMPLIANCE))
}

fn admin(kafka: &KafkaSettings) -> Result<AdminClient<Quiet>, BrokerError> {
    client(&kafka.brokers).create_with_context(Quiet).map_err(|source| BrokerError {
        brokers: kafka.brokers.clone(),
        limit: LIMIT,
        source,
    })
}

async fn create(admin: &AdminClient<Quiet>, spec: &TopicSpec, replicas: i32) -> Result<(), TopicError> {
    let refused = |source| TopicError::Refused { topic: spec.name, doing: "created", source };
    let mut topic = NewTopic::new(spec.name, spec.partitions, TopicReplication::Fixed(replicas));
    for (setting, value) in &spec.settings {
        topic = topic.set(setting, value);
    }
    let options = AdminOptions::new().operation_timeout(Some(LIMIT)).request_timeout(Some(LIMIT));
    for result in admin.create_topics([&topic], &options).await.map_err(refused)? {
        match result {
            // The extractor was quicker.
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => return Err(refused(KafkaError::AdminOp(code))),
        }
    }
    Ok(())
}

async fn differences(
    admin: &AdminClient<Quiet>,
    spec: &TopicSpec,
    partitions: usize,
) -> Result<Vec<Difference>, TopicError> {
    let refused = |source| TopicError::Refused { topic: spec.name, doing: "described", source };
    let options = AdminOptions::new().request_timeout(Some(LIMIT));
    let answers = admin.describe_configs([&ResourceSpecifier::Topic(spec.name)], &options).await;
    let mut found = Vec::new();
    for answer in answers.map_err(refused)? {
        found.push(answer.map_err(|code| refused(KafkaError::AdminOp(code)))?);
    }
    Ok(spec.differences(partitions, |setting| {
        found.iter().find_map(|resource| resource.get(setting)).and_then(|entry| entry.value.clone())
    }))
}
