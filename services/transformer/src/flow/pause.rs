//! Pauses: what cannot be done now is tried again with back-off, while polling goes on.

use std::time::Duration;

use super::Flow;
use crate::aside::Letter;
use crate::config::PauseSettings;
use crate::from_kafka::{Message, Ticket};
use crate::metrics::now_ms;
use crate::spans::{self, Joins};

/// Back-off from the first to the longest, doubling, with jitter.
#[derive(Debug, Clone, Copy)]
pub struct Pauses {
    first: Duration,
    longest: Duration,
}

impl Pauses {
    /// As set.
    pub fn new(settings: &PauseSettings) -> Self {
        Self { first: settings.first.0, longest: settings.longest.0 }
    }

    /// How long to wait after the attempt of this number, from 1: half of it certain, half by chance, so that
    /// transformers that failed together do not come back together.
    pub fn after(self, attempt: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        let whole = self.first.saturating_mul(factor).min(self.longest);
        whole / 2 + (whole / 2).mul_f64(chance())
    }
}

/// A share from 0 to 1, from the seeds the standard library gives every hash map.
fn chance() -> f64 {
    use std::hash::{BuildHasher as _, RandomState};
    let bits = RandomState::new().hash_one(0_u8) >> 32;
    #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
    let share = bits as f64 / f64::from(u32::MAX);
    share
}

impl Flow {
    /// Says what is not to be had and waits; false if the end was asked for meanwhile.
    pub(crate) async fn back_off(&self, cause: &'static str, attempt: u32, reason: &str) -> bool {
        let delay = self.pauses.after(attempt);
        self.metrics.retry(cause, attempt == 1);
        if attempt == 1 {
            tracing::warn!(cause, reason, "paused: tried again until it works");
        } else {
            tracing::debug!(cause, reason, attempt, "still paused");
        }
        tokio::select! {
            () = tokio::time::sleep(delay) => true,
            () = self.stop.cancelled() => false,
        }
    }

    /// Keeps a message that a newer release or the registry is needed for; its partition alone waits.
    pub(crate) fn hold(&self, message: Message, missing: &str) {
        let source = message.ticket.source();
        let times = self.waiting.hold(message.ticket, |times| self.pauses.after(times));
        self.waiting.give_back(message);
        self.metrics.retry("schema", times == 1);
        if times == 1 {
            let (topic, partition, offset) = (&source.topic, source.partition, source.offset);
            tracing::warn!(
                topic,
                partition,
                offset,
                missing,
                "partition paused: this message is not readable yet"
            );
        }
        let reason =
            format!("{}/{} waits at offset {}: {missing}", source.topic, source.partition, source.offset);
        self.readiness.set("partitions", Err(&reason));
    }

    /// Sets a whole message aside; after too many in a row it is kept, and its partition waits.
    pub(crate) async fn reject(&self, message: Message, reason: &str) {
        let ticket = message.ticket;
        if !self.streak.take() {
            self.hold_after_streak(ticket);
            return self.waiting.give_back(message);
        }
        let joins = Joins::WhileKept(self.settings.traces.kept.0);
        let (span, _) = spans::process(&message, &self.settings.kafka.group_id, joins, now_ms());
        spans::failed(&span, "decode", reason);
        let letter = Letter::of_message(&message, reason, now_ms());
        drop(message);
        if !self.set_aside(&[letter]).await {
            return self.waiting.abandon(&[ticket]);
        }
        self.waiting.done(&[ticket]);
        if self.streak.tripped() {
            self.hold_after_streak(ticket);
        } else {
            // It may have been what its partition was held by.
            self.state_partitions();
        }
    }

    /// Nothing further is taken from this partition but, with back-off, one message to see whether things are good again.
    pub(crate) fn hold_after_streak(&self, ticket: Ticket) {
        let times = self.waiting.hold(ticket, |times| self.pauses.after(times));
        self.metrics.retry("rejected in a row", times == 1);
        let limit = self.settings.pause.rejected_in_a_row;
        let reason = format!(
            "{limit} messages in a row were set aside: nothing further is until a good one comes; see `transformer rejected list`, and restart to set aside more"
        );
        if times == 1 {
            tracing::error!(partition = ticket.partition.number, "{reason}");
        }
        self.readiness.set("partitions", Err(&reason));
    }

    /// No partition is held any more: so says the health endpoint.
    pub(crate) fn state_partitions(&self) {
        if !self.waiting.lanes().into_iter().any(|lane| lane.held) {
            self.readiness.set("partitions", Ok(()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backs_off_from_the_first_to_the_longest_and_never_longer() {
        let pauses = Pauses { first: Duration::from_millis(100), longest: Duration::from_secs(3) };
        for attempt in 1..80 {
            let delay = pauses.after(attempt);
            assert!(
                delay >= Duration::from_millis(50) && delay <= Duration::from_secs(3),
                "{attempt}: {delay:?}"
            );
        }
        assert!(pauses.after(3) >= Duration::from_millis(200));
        assert!(pauses.after(60) >= Duration::from_millis(1500));
    }
}
