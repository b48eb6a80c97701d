//! The whole way of a batch: from_kafka -> decode -> enrich -> to_mysql -> aside -> offset. One flow is one writer.

mod group;
mod pause;
mod stuck;

use std::sync::Arc;

use bootstrap::Readiness;
use contract::TweetBatch;
use contract::topics::{BATCHES, COMPLIANCE};
use tokio_util::sync::CancellationToken;

use crate::aside::{Aside, Letter, Streak};
use crate::config::Settings;
use crate::decode::{Decoded, Decoder};
use crate::enrich::{Enricher, Received, enrich};
use crate::from_kafka::{Message, Waiting};
use crate::metrics::{Metrics, now_ms};
use crate::spans::{self, Joins};
use crate::to_mysql::{Mode, Outcome, Writer};
pub use group::{Group, posts, rejected};
pub use pause::Pauses;
pub use stuck::Stuck;
pub(crate) use stuck::{DEAD_LETTERS, WRITES};

/// Checks of the health endpoint that the flow states.
pub const CHECKS: [&str; 6] = ["brokers", "assignment", "partitions", "mysql", WRITES, DEAD_LETTERS];

/// What every writer shares.
#[derive(Debug)]
pub struct Flow {
    /// What was read.
    pub waiting: Arc<Waiting>,
    /// Either framing.
    pub decoder: Decoder,
    /// Taxonomy and lexicons.
    pub enricher: Enricher,
    /// MySQL.
    pub writer: Writer,
    /// Dead letters.
    pub aside: Aside,
    /// Messages in a row with something to set aside.
    pub streak: Streak,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Checks `partitions`, `writes` and `dead letters`.
    pub readiness: Readiness,
    /// Writers that are stuck.
    pub stuck: Arc<Stuck>,
    /// Back-off.
    pub pauses: Pauses,
    /// Settings.
    pub settings: Settings,
    /// Finish what is in hand and wait for nothing any more.
    pub stop: CancellationToken,
}

impl Flow {
    /// One writer: until the end is asked for, whatever is waiting, as one transaction.
    pub async fn run(&self) {
        while let Some(first) = self.waiting.take().await {
            if first.ticket.partition.topic == COMPLIANCE {
                self.follow(first).await;
            } else {
                self.pass(first).await;
            }
        }
    }

    async fn pass(&self, first: Message) {
        // After too many in a row each message is tried alone, and kept where it is bad again.
        let probe = self.streak.tripped().then(|| first.clone());
        let mut group = self.gather(first, probe.is_some()).await;
        let Some(outcomes) = self.apply(&mut group).await else {
            return self.waiting.abandon(&group.tickets());
        };
        if let Some(probe) = probe
            && outcomes.iter().any(|outcome| group::refused(outcome) > 0)
            && self.streak.tripped()
        {
            self.hold_after_streak(probe.ticket);
            return self.waiting.give_back(probe);
        }
        // Before the offset moves: a crash here repeats the letters, and their names tell that they are the same.
        let Ok(letters) = group.letters(&outcomes, now_ms()) else {
            tracing::error!(
                "a refused post does not fit the dead letters' schema: the batch is left unapplied"
            );
            return self.waiting.abandon(&group.tickets());
        };
        if !self.set_aside(&letters).await {
            return self.waiting.abandon(&group.tickets());
        }
        self.finish(&group, &outcomes);
    }

    /// The batches that wait, up to the limit of posts; waits for none.
    async fn gather(&self, first: Message, alone: bool) -> Group {
        let limit = self.settings.write.posts_per_transaction.get();
        let mut group = Group::default();
        let mut next = Some(first);
        while let Some(message) = next {
            let value = message.value.as_deref().unwrap_or_default();
            match self.decoder.decode::<TweetBatch>(value).await {
                Decoded::Record(batch) => {
                    if !group.is_empty() && group.posts + group::posts(&batch) > limit {
                        self.waiting.give_back(message);
                        break;
                    }
                    self.take_in(&mut group, &message, *batch);
                }
                Decoded::NotYet(missing) => self.hold(message, &missing),
                Decoded::Malformed(reason) => self.reject(message, &reason).await,
            }
            if alone || group.posts >= limit {
                break;
            }
            next = self.waiting.take_now(|partition| partition.topic == BATCHES);
        }
        group
    }

    fn take_in(&self, group: &mut Group, message: &Message, batch: TweetBatch) {
        let joins = Joins::WhileKept(self.settings.traces.kept.0);
        let (span, trace) = spans::process(message, &self.settings.kafka.group_id, joins, now_ms());
        let received = Received {
            batch,
            source: message.ticket.source(),
            trace,
            committed_at_ms: message.timestamp_ms,
            span: span.clone(),
        };
        let enriched =
            spans::enrich(&span, group::posts(&received.batch)).in_scope(|| enrich(&self.enricher, received));
        group.push(message.ticket, enriched);
    }

    /// Writes, however long it takes. `None`: all of it left for other transformers, or the end was asked for.
    async fn apply(&self, group: &mut Group) -> Option<Vec<Outcome>> {
        let mut stuck = None;
        for attempt in 1.. {
            for ticket in group.retain(|ticket| self.waiting.is_ours(ticket)) {
                tracing::debug!(?ticket, "the partition left while its batch was in hand");
            }
            if group.is_empty() {
                return None;
            }
            match self.writer.apply(group.batches(), Mode::Once).await {
                Ok(outcomes) => return Some(outcomes),
                Err(pause) => {
                    let text = pause.to_string();
                    self.stuck.at(WRITES, &text, &mut stuck);
                    if !self.back_off("mysql", attempt, &text).await {
                        return None;
                    }
                }
            }
        }
        None
    }

    /// Sends dead letters, however long it takes; false if the end was asked for.
    pub(crate) async fn set_aside(&self, letters: &[Letter]) -> bool {
        let mut stuck = None;
        for attempt in 1.. {
            match self.aside.send(letters).await {
                Ok(()) => break,
                Err(error) => {
                    let text = error.to_string();
                    self.stuck.at(DEAD_LETTERS, &text, &mut stuck);
                    if !self.back_off("rejected topic", attempt, &text).await {
                        return false;
                    }
                }
            }
        }
        for letter in letters {
            self.metrics.rejected(letter.reason);
            let (id, reason, detail) = (letter.id(), letter.reason, &letter.record.detail);
            tracing::warn!(id, reason, section = letter.record.section, detail, "set aside");
        }
        true
    }

    fn finish(&self, group: &Group, outcomes: &[Outcome]) {
        let mut held = Vec::new();
        for ((hand, batch), outcome) in group.hands().zip(outcomes) {
            let refused = group::refused(outcome);
            let received = &batch.received;
            let name = outcome.name();
            received.span.record("garimpo.outcome", name);
            received.span.record("garimpo.rejected", refused);
            let _in = received.span.enter();
            tracing::debug!(batch = received.batch.batch_id, outcome = name, refused, "batch written");
            self.metrics.applied(outcome, hand.taken.elapsed().as_secs_f64(), received.committed_at_ms);
            if refused == 0 {
                self.streak.good();
            } else if self.streak.bad() {
                held.push(hand.ticket);
            }
        }
        self.waiting.done(&group.tickets());
        for ticket in held {
            self.hold_after_streak(ticket);
        }
        self.state_partitions();
    }
}
