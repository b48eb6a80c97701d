//! The loop that polls: it never stops polling, so that the session lives; what it may not take, it pauses.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rdkafka::Message as _;
use rdkafka::TopicPartitionList;
use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use tokio_util::sync::CancellationToken;

use super::group::{Consumer, GroupError, Reports, list_of, topic};
use super::{Message, Partition, Waiting};

/// Longest wait for a message: commits and pauses are looked after that often.
const TURN: Duration = Duration::from_millis(100);
/// Writers that make no room for this long are not slow but stopped: then partitions are paused, and polling goes on.
const STOPPED: Duration = Duration::from_millis(500);

pub(super) fn run(
    consumer: &Consumer,
    waiting: &Waiting,
    reports: &Reports,
    leave: &CancellationToken,
) -> Result<(), GroupError> {
    let mut paused = BTreeSet::new();
    let mut committed = Instant::now();
    while !leave.is_cancelled() {
        reports.heartbeat.beat();
        let room = waiting.wait_for_room(STOPPED);
        keep_paused(consumer, waiting, room, &mut paused);
        waiting.wake_held();
        match consumer.poll(TURN) {
            Some(Ok(message)) => {
                if let Some(topic) = topic(message.topic()) {
                    waiting.push(Message::copied(&message, topic));
                }
            }
            Some(Err(KafkaError::MessageConsumptionFatal(code))) => {
                return Err(GroupError::Fatal(KafkaError::MessageConsumptionFatal(code)));
            }
            Some(Err(error)) => tell(&error, reports),
            None => {}
        }
        if committed.elapsed() >= TURN {
            commit(consumer, waiting, CommitMode::Async);
            committed = Instant::now();
        }
    }
    commit(consumer, waiting, CommitMode::Sync);
    Ok(())
}

fn commit(consumer: &Consumer, waiting: &Waiting, mode: CommitMode) {
    let positions = waiting.positions_to_commit();
    if positions.is_empty() {
        return;
    }
    if let Err(error) = consumer.commit(&list_of(&positions), mode) {
        tracing::warn!(%error, "offsets were not committed; what they cover is known when it comes again");
        waiting.commit_failed(positions.into_iter().map(|(partition, _)| partition));
    }
}

/// Pauses what is held, or everything where writers stand still; resumes the rest.
fn keep_paused(consumer: &Consumer, waiting: &Waiting, room: bool, paused: &mut BTreeSet<Partition>) {
    let lanes = waiting.lanes();
    // A partition that left and came back starts unpaused.
    paused.retain(|partition| lanes.iter().any(|lane| lane.partition == *partition));
    let wanted = |lane: &&super::LaneState| lane.held || !room;
    let to_pause: Vec<_> =
        lanes.iter().filter(wanted).map(|lane| lane.partition).filter(|p| !paused.contains(p)).collect();
    let to_resume: Vec<_> = lanes
        .iter()
        .filter(|lane| !wanted(lane))
        .map(|lane| lane.partition)
        .filter(|p| paused.contains(p))
        .collect();
    if !to_pause.is_empty() {
        match consumer.pause(&list(&to_pause)) {
            Ok(()) => paused.extend(to_pause),
            Err(error) => tracing::debug!(%error, "not paused"),
        }
    }
    if !to_resume.is_empty() {
        match consumer.resume(&list(&to_resume)) {
            Ok(()) => paused.retain(|p| !to_resume.contains(p)),
            Err(error) => tracing::debug!(%error, "not resumed"),
        }
    }
}

fn list(partitions: &[Partition]) -> TopicPartitionList {
    let mut list = TopicPartitionList::with_capacity(partitions.len());
    for partition in partitions {
        list.add_partition(partition.topic, partition.number);
    }
    list
}

fn tell(error: &KafkaError, reports: &Reports) {
    match error.rdkafka_error_code() {
        Some(RDKafkaErrorCode::AllBrokersDown) => {
            reports.readiness.set("brokers", Err("no broker is connected"));
        }
        // The client reconnects by itself.
        Some(RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::Resolve) => {
            tracing::debug!(%error, "connection to a broker");
        }
        _ => tracing::warn!(%error, "reading from Kafka"),
    }
}
