//! The membership in the consumer group: its client, and what happens when partitions come and go.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bootstrap::{Heartbeat, Readiness};
use contract::topics::{BATCHES, COMPLIANCE};
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::statistics::{ConsumerGroup, Statistics};
use rdkafka::{Offset, TopicPartitionList};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use super::client::consumer;
use super::{Partition, Waiting, poll};
use crate::config::{GroupProtocol, KafkaSettings};
use crate::metrics::Metrics;

/// The consumer cannot be set up, or its thread cannot go on.
#[derive(Debug, Error)]
pub enum GroupError {
    /// librdkafka refuses the settings.
    #[error("kafka: the consumer cannot be set up: {0}")]
    Setup(KafkaError),
    /// The client cannot recover; a restart joins anew.
    #[error("kafka: the consumer ended: {0}; restart the transformer")]
    Fatal(KafkaError),
    /// No thread.
    #[error("kafka: no thread for the consumer: {0}")]
    Thread(std::io::Error),
}

/// Milliseconds that a member without partitions has been in its group before it counts as standing in reserve.
const STANDING_MS: i64 = 4000;
/// How long partitions that leave wait for what is in hand. The ledger absorbs what takes longer.
const LEAVE: Duration = Duration::from_secs(5);

pub(super) type Consumer = BaseConsumer<Context>;

/// A running member of the group.
#[derive(Debug)]
pub struct Group {
    thread: JoinHandle<Result<(), GroupError>>,
    leave: CancellationToken,
}

/// What the member reports to.
#[derive(Debug, Clone)]
pub struct Reports {
    /// Beaten at each turn of the loop.
    pub heartbeat: Heartbeat,
    /// Checks `brokers` and `assignment`.
    pub readiness: Readiness,
    /// Lag and pauses.
    pub metrics: Arc<Metrics>,
}

impl Group {
    /// Joins, and fills `waiting`. `ended` is cancelled when the thread ends by itself.
    ///
    /// # Errors
    /// Settings that librdkafka refuses.
    pub fn join(
        kafka: &KafkaSettings,
        waiting: Arc<Waiting>,
        reports: Reports,
        ended: CancellationToken,
    ) -> Result<Self, GroupError> {
        let context = Context {
            waiting: Arc::clone(&waiting),
            reports: reports.clone(),
            protocol: kafka.group_protocol,
        };
        let consumer: Consumer = settings(kafka).create_with_context(context).map_err(GroupError::Setup)?;
        consumer.subscribe(&[BATCHES, COMPLIANCE]).map_err(GroupError::Setup)?;
        let leave = CancellationToken::new();
        let stop = leave.clone();
        let run = move || {
            let _ended = ended.drop_guard();
            poll::run(&consumer, &waiting, &reports, &stop)
            // Dropping the consumer here leaves the group.
        };
        let thread = std::thread::Builder::new().name("kafka".to_owned()).spawn(run);
        Ok(Self { thread: thread.map_err(GroupError::Thread)?, leave })
    }

    /// Commits what is applied and leaves the group. Blocks; call it when nothing is in hand any more.
    ///
    /// # Errors
    /// What ended the thread before.
    pub fn leave(self) -> Result<(), GroupError> {
        self.leave.cancel();
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn settings(kafka: &KafkaSettings) -> ClientConfig {
    let mut config = consumer(&kafka.brokers, kafka.prefetch_kib.get());
    config
        .set("group.id", &kafka.group_id)
        .set("statistics.interval.ms", "5000")
        .set("reconnect.backoff.max.ms", "2000");
    if let Some(instance) = &kafka.instance_id {
        config.set("group.instance.id", instance);
    }
    match kafka.group_protocol {
        GroupProtocol::Classic => config
            .set("group.protocol", "classic")
            .set("partition.assignment.strategy", "range")
            .set("session.timeout.ms", kafka.session_timeout.as_millis().to_string())
            .set("heartbeat.interval.ms", (kafka.session_timeout.as_millis() / 4).to_string()),
        GroupProtocol::Consumer => config.set("group.protocol", "consumer"),
    };
    config
}

/// What librdkafka calls.
#[derive(Debug)]
pub(super) struct Context {
    waiting: Arc<Waiting>,
    reports: Reports,
    protocol: GroupProtocol,
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        if level as i32 <= RDKafkaLogLevel::Error as i32 {
            tracing::warn!(facility, text, "librdkafka");
        } else {
            tracing::debug!(facility, text, "librdkafka");
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "librdkafka");
    }

    fn stats(&self, statistics: Statistics) {
        let up = statistics.brokers.values().any(|broker| broker.state == "UP");
        self.reports.readiness.set("brokers", if up { Ok(()) } else { Err("no broker is connected") });
        // The broker tells a member without partitions nothing: it stands in reserve, which is its work.
        let in_reserve = |group: &ConsumerGroup| {
            group.state == "up" && group.stateage > STANDING_MS && group.assignment_size == 0
        };
        if self.protocol == GroupProtocol::Consumer && statistics.cgrp.as_ref().is_some_and(in_reserve) {
            self.reports.readiness.set("assignment", Ok(()));
        }
        for (topic, partition) in
            statistics.topics.values().flat_map(|topic| topic.partitions.values().map(move |p| (topic, p)))
        {
            // -1 stands for what is not assigned here. Offsets hold transaction markers, so messages are counted
            // from the next offset that is fetched: what was fetched already is counted by the lanes.
            if topic.topic == BATCHES && partition.partition >= 0 && partition.next_offset >= 0 {
                let beyond = (partition.ls_offset - partition.next_offset).max(0) + partition.fetchq_cnt;
                self.reports.metrics.unread(partition.partition, beyond);
            }
        }
    }
}

impl ConsumerContext for Context {
    fn pre_rebalance(&self, consumer: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => {
                let partitions = partitions(list);
                tracing::info!(partitions = %names(&partitions), "partitions assigned");
                self.waiting.assign(partitions);
            }
            Rebalance::Revoke(list) => {
                let partitions = partitions(list);
                let lost = consumer.assignment_lost();
                tracing::info!(partitions = %names(&partitions), lost, "partitions revoked");
                let positions = self.waiting.revoke(&partitions, LEAVE);
                self.reports.metrics.forget(&partitions);
                // Of lost partitions another member may have committed further.
                if !lost && !positions.is_empty() {
                    // librdkafka does not commit on revoke by itself. What fails here is applied again, as known.
                    if let Err(error) = consumer.commit(&list_of(&positions), CommitMode::Sync) {
                        tracing::warn!(%error, "offsets of revoked partitions were not committed");
                    }
                }
            }
            Rebalance::Error(error) => tracing::warn!(%error, "rebalance failed"),
        }
    }

    fn post_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        let state = match rebalance {
            // Also with no partition: a member in reserve does its work.
            Rebalance::Assign(_) => {
                self.reports.readiness.set("brokers", Ok(()));
                Ok(())
            }
            Rebalance::Revoke(_) if self.waiting.lanes().is_empty() => Err("waiting for partitions"),
            Rebalance::Revoke(_) | Rebalance::Error(_) => return,
        };
        self.reports.readiness.set("assignment", state);
    }

    fn commit_callback(&self, result: KafkaResult<()>, offsets: &TopicPartitionList) {
        if let Err(error) = result {
            tracing::warn!(%error, "offsets were not committed; they are again");
            self.waiting.commit_failed(partitions(offsets));
        }
    }
}

fn partitions(list: &TopicPartitionList) -> Vec<Partition> {
    let elements = list.elements();
    elements
        .iter()
        .filter_map(|e| Some(Partition { topic: topic(e.topic())?, number: e.partition() }))
        .collect()
}

pub(super) fn topic(name: &str) -> Option<&'static str> {
    [BATCHES, COMPLIANCE].into_iter().find(|topic| *topic == name)
}

pub(super) fn list_of(positions: &[(Partition, i64)]) -> TopicPartitionList {
    let mut list = TopicPartitionList::with_capacity(positions.len());
    for (partition, offset) in positions {
        // Fails for offsets below 0 alone, which no message has.
        let _always = list.add_partition_offset(partition.topic, partition.number, Offset::Offset(*offset));
    }
    list
}

fn names(partitions: &[Partition]) -> String {
    partitions.iter().map(|p| format!("{}/{}", p.topic, p.number)).collect::<Vec<_>>().join(" ")
}
