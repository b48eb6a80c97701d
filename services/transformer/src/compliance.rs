//! Deletions that have to be followed: `tweets.compliance.v1` into tombstones, as it comes and, after a restore, again.

mod order;

use contract::Compliance;
use contract::topics::COMPLIANCE;
use thiserror::Error;
use tracing::Instrument as _;

use crate::aside::Letter;
use crate::config::Settings;
use crate::decode::{Decoded, Decoder, RegistryError};
use crate::enrich::Source;
use crate::flow::{Flow, WRITES};
use crate::from_kafka::{Message, Retained, RetainedError, Start};
use crate::metrics::now_ms;
use crate::spans::{self, Joins};
use crate::to_mysql::{ConnectError, Pause, Writer};

pub use order::{OrderError, delete};

/// Events of one transaction at most.
const EVENTS: usize = 1000;

/// Deletions cannot be followed.
#[derive(Debug, Error)]
pub enum ComplianceError {
    /// The topic.
    #[error(transparent)]
    Topic(#[from] RetainedError),
    /// The registry's client.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// An event that cannot be read: none may be left out.
    #[error("topic {COMPLIANCE}: offset {offset} cannot be read: {reason}")]
    Unreadable {
        /// Offset.
        offset: i64,
        /// Why.
        reason: String,
    },
    /// MySQL.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// MySQL, later.
    #[error(transparent)]
    Write(#[from] Pause),
}

/// `transformer compliance apply`: follows every retained deletion again, without the group.
///
/// # Errors
/// Whatever keeps one of them from being followed.
pub async fn apply(settings: &Settings) -> Result<(), ComplianceError> {
    let decoder = Decoder::new(&settings.schema_registry)?;
    let writer = Writer::connect(&settings.mysql, &settings.write).await?;
    let (brokers, prefetch) = (settings.kafka.brokers.clone(), settings.kafka.prefetch_kib.get());
    let read = tokio::task::spawn_blocking(move || {
        let retained = Retained::open(&brokers, COMPLIANCE, prefetch)?;
        let mut messages = Vec::new();
        retained.read(&retained.ranges(&Start::Earliest)?, |message| {
            messages.push(message);
            true
        })?;
        Ok::<_, RetainedError>(messages)
    });
    let messages = read.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))?;
    let mut followed = 0;
    for chunk in messages.chunks(EVENTS) {
        let mut events = Vec::with_capacity(chunk.len());
        for message in chunk {
            let Some(value) = &message.value else { continue };
            match decoder.decode::<Compliance>(value).await {
                Decoded::Record(event) => events.push(*event),
                Decoded::NotYet(reason) | Decoded::Malformed(reason) => {
                    return Err(ComplianceError::Unreadable { offset: message.ticket.offset, reason });
                }
            }
        }
        let refused = writer.follow(&events).await?;
        for event in &refused {
            println!("the deletion of post {} at {} ms is left out: no such moment", event.post_id, event.at);
        }
        followed += events.len() - refused.len();
    }
    println!("{followed} deletions followed");
    Ok(())
}

impl Flow {
    /// Follows the event and those that already wait behind it.
    pub(crate) async fn follow(&self, first: Message) {
        let joins = Joins::WhileKept(self.settings.traces.kept.0);
        let (span, _) = spans::process(&first, &self.settings.kafka.group_id, joins, now_ms());
        let (mut events, mut read, mut tickets) = (Vec::new(), Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(message) = next {
            match &message.value {
                // A tombstone of the compaction: nothing to follow any more.
                None => tickets.push(message.ticket),
                Some(value) => match self.decoder.decode::<Compliance>(value).await {
                    Decoded::Record(event) => {
                        events.push(*event);
                        read.push(message.ticket.source());
                        tickets.push(message.ticket);
                    }
                    Decoded::NotYet(missing) => self.hold(message, &missing),
                    Decoded::Malformed(reason) => self.reject(message, &reason).await,
                },
            }
            if events.len() >= EVENTS {
                break;
            }
            next = self.waiting.take_now(|partition| partition.topic == COMPLIANCE);
        }
        let Some(letters) = self.tombstones(&events, &read).instrument(span).await else {
            return self.waiting.abandon(&tickets);
        };
        if !self.set_aside(&letters).await {
            return self.waiting.abandon(&tickets);
        }
        if !events.is_empty() {
            tracing::info!(events = events.len(), "deletions followed");
        }
        self.waiting.done(&tickets);
    }

    /// Writes, however long it takes; answers with dead letters for events that no column can hold.
    /// `None`: the end was asked for.
    async fn tombstones(&self, events: &[Compliance], read: &[Source]) -> Option<Vec<Letter>> {
        let mut stuck = None;
        for attempt in 1.. {
            match self.writer.follow(events).await {
                Ok(refused) => {
                    let of = |event: &Compliance| {
                        let at = events.iter().position(|e| e == event)?;
                        Letter::of_event(read.get(at)?, event, now_ms()).ok()
                    };
                    return Some(refused.iter().filter_map(of).collect());
                }
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
}
