//! The extractor's topics: created with their settings, refused with others.

use std::time::Duration;

use contract::topics::{BATCHES, CURSORS, Difference, TopicSpec, specs};
use rdkafka::admin::{
    AdminClient, AdminOptions, ConfigResource, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use crate::config::KafkaSettings;

/// A broker or topic that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TopicError {
    /// No answer.
    #[error(
        "kafka.brokers: no answer from {brokers} ({source}); start Kafka, or give its address by EXTRACTOR_KAFKA__BROKERS"
    )]
    Unreachable {
        /// As set.
        brokers: String,
        /// Why.
        source: KafkaError,
    },
    /// The broker refuses.
    #[error("topic {topic} cannot be {action}: {reason}")]
    Refused {
        /// The topic.
        topic: String,
        /// `created`, `described`.
        action: &'static str,
        /// The broker's words.
        reason: String,
    },
    /// A topic somebody made with other settings.
    #[error(
        "topic {topic} has other settings than it needs: {}; change them, or remove the topic",
        list(differences)
    )]
    Settings {
        /// The topic.
        topic: String,
        /// What differs.
        differences: Vec<Difference>,
    },
}

fn list(differences: &[Difference]) -> String {
    let one = |d: &Difference| {
        format!("{} is {}, has to be {}", d.setting, d.found.as_deref().unwrap_or("unknown"), d.wanted)
    };
    differences.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Asks brokers about topics, and makes them.
pub struct Topics<'a> {
    admin: AdminClient<DefaultClientContext>,
    settings: &'a KafkaSettings,
}

impl<'a> Topics<'a> {
    /// Connects when first asked.
    ///
    /// # Errors
    /// Brokers that are no addresses.
    pub fn new(settings: &'a KafkaSettings) -> Result<Self, TopicError> {
        let admin = ClientConfig::new()
            .set("bootstrap.servers", &settings.brokers)
            .create()
            .map_err(|source| unreachable(settings, source))?;
        Ok(Self { admin, settings })
    }

    /// The topics this service writes.
    pub fn wanted(&self) -> Vec<TopicSpec> {
        let mut specs = specs(self.settings.replication_factor, self.settings.retention_days);
        specs.retain(|spec| [BATCHES, CURSORS].contains(&spec.name));
        specs
    }

    /// Creates the topics that are missing and refuses those with other settings.
    ///
    /// # Errors
    /// Brokers without an answer, topics with other settings.
    pub async fn ensure(&self) -> Result<(), TopicError> {
        // Blocks only here, at the start.
        for spec in self.wanted() {
            if self.partitions(spec.name)?.is_none() {
                self.create(&spec).await?;
            }
            let differences = self.differences(&spec).await?;
            if !differences.is_empty() {
                return Err(TopicError::Settings { topic: spec.name.to_owned(), differences });
            }
        }
        Ok(())
    }

    /// Partitions of a topic; `None` where there is none.
    ///
    /// # Errors
    /// Brokers without an answer.
    pub fn partitions(&self, topic: &str) -> Result<Option<usize>, TopicError> {
        let timeout = self.settings.start_timeout.0;
        let metadata = self.admin.inner().fetch_metadata(Some(topic), timeout);
        let metadata = metadata.map_err(|source| unreachable(self.settings, source))?;
        let found = metadata.topics().iter().find(|found| found.name() == topic);
        Ok(found.map(|found| found.partitions().len()).filter(|partitions| *partitions > 0))
    }

    /// What a topic that exists lacks.
    ///
    /// # Errors
    /// Brokers without an answer, or that refuse to tell.
    pub async fn differences(&self, spec: &TopicSpec) -> Result<Vec<Difference>, TopicError> {
        let partitions = self.partitions(spec.name)?.unwrap_or(0);
        let described = self.describe(ResourceSpecifier::Topic(spec.name)).await?;
        let setting = |name: &str| described.get(name).and_then(|entry| entry.value.clone());
        Ok(spec.differences(partitions, setting))
    }

    /// Settings of a topic or a broker.
    ///
    /// # Errors
    /// Brokers without an answer, or that refuse to tell.
    pub async fn describe(&self, resource: ResourceSpecifier<'_>) -> Result<ConfigResource, TopicError> {
        let name = match &resource {
            ResourceSpecifier::Topic(name) | ResourceSpecifier::Group(name) => (*name).to_owned(),
            ResourceSpecifier::Broker(id) => format!("(broker {id})"),
        };
        let refused = |reason| TopicError::Refused { topic: name.clone(), action: "described", reason };
        let answers = self.admin.describe_configs([&resource], &self.options()).await;
        let answers = answers.map_err(|source| unreachable(self.settings, source))?;
        let answer = answers.into_iter().next().ok_or_else(|| refused("no answer".to_owned()))?;
        answer.map_err(|code| refused(code.to_string()))
    }

    /// Ids of the brokers.
    ///
    /// # Errors
    /// Brokers without an answer.
    pub fn brokers(&self) -> Result<Vec<i32>, TopicError> {
        let metadata = self.admin.inner().fetch_metadata(None, self.settings.start_timeout.0);
        let metadata = metadata.map_err(|source| unreachable(self.settings, source))?;
        Ok(metadata.brokers().iter().map(rdkafka::metadata::MetadataBroker::id).collect())
    }

    async fn create(&self, spec: &TopicSpec) -> Result<(), TopicError> {
        let refused = |reason| TopicError::Refused { topic: spec.name.to_owned(), action: "created", reason };
        let copies = TopicReplication::Fixed(self.settings.replication_factor);
        let topic = spec
            .settings
            .iter()
            .fold(NewTopic::new(spec.name, spec.partitions, copies), |topic, (key, value)| {
                topic.set(key, value)
            });
        let answers = self.admin.create_topics([&topic], &self.options()).await;
        match answers.map_err(|source| unreachable(self.settings, source))?.into_iter().next() {
            // Another service that starts at the same time made it.
            Some(Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists))) => self.appears(spec.name).await,
            Some(Err((_, code))) => Err(refused(code.to_string())),
            None => Err(refused("no answer".to_owned())),
        }
    }

    /// A created topic takes a moment to be known everywhere.
    async fn appears(&self, topic: &str) -> Result<(), TopicError> {
        let until = tokio::time::Instant::now() + self.settings.start_timeout.0;
        while self.partitions(topic)?.is_none() {
            if tokio::time::Instant::now() > until {
                let reason = "it does not appear".to_owned();
                return Err(TopicError::Refused { topic: topic.to_owned(), action: "created", reason });
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    fn options(&self) -> AdminOptions {
        AdminOptions::new().request_timeout(Some(self.settings.start_timeout.0))
    }
}

fn unreachable(settings: &KafkaSettings, source: KafkaError) -> TopicError {
    TopicError::Unreachable { brokers: settings.brokers.clone(), source }
}
