//! `transformer replay --reapply`: the topic's retained batches through the writer again, without the group.

mod from;
mod read;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use contract::TweetBatch;
use contract::topics::BATCHES;
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use thiserror::Error;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use from::{From, FromError};
pub use read::Direction;

use crate::config::Settings;
use crate::decode::{Decoded, Decoder, RegistryError};
use crate::enrich::{EnrichError, Enricher, Received, enrich};
use crate::flow::{Group, Pauses, posts, rejected};
use crate::from_kafka::{Message, Retained, RetainedError};
use crate::metrics::now_ms;
use crate::spans::{self, Joins};
use crate::to_mysql::{ConnectError, Mode, Outcome, Writer};

/// Why a replay did not start or ended early. What was applied stays; it may be started again.
#[derive(Debug, Error)]
pub enum ReplayError {
    /// Signals cannot be waited for.
    #[error("no signal handler: {0}")]
    Signals(std::io::Error),
    /// The topic.
    #[error(transparent)]
    Topic(#[from] RetainedError),
    /// The registry's client.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Taxonomy or lexicons.
    #[error(transparent)]
    Enrich(#[from] EnrichError),
    /// MySQL.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A message that a newer release is needed for.
    #[error("{topic}/{partition}/{offset} is not readable yet: {missing}")]
    NotYet {
        /// Topic.
        topic: String,
        /// Partition.
        partition: i32,
        /// Offset.
        offset: i64,
        /// What is missing.
        missing: String,
    },
}

/// Applies retained batches again; 1 if it was interrupted.
///
/// # Errors
/// What kept it from its work.
pub async fn replay(
    settings: Settings,
    from: From,
    writers: Option<usize>,
    order: Direction,
) -> Result<ExitCode, ReplayError> {
    let enricher = Enricher::load(&settings.enrich)?;
    let stop = bootstrap::stop_on_signals().map_err(ReplayError::Signals)?;
    let decoder = Decoder::new(&settings.schema_registry)?;
    let mut settings = settings;
    if let Some(writers) = writers.and_then(std::num::NonZeroUsize::new) {
        settings.write.writers = writers;
    }
    let writer = Writer::connect(&settings.mysql, &settings.write).await?;
    let (brokers, prefetch) = (settings.kafka.brokers.clone(), settings.kafka.prefetch_kib.get());
    let start = from.start(now_ms());
    let planned = tokio::task::spawn_blocking(move || {
        let retained = Retained::open(&brokers, BATCHES, prefetch)?;
        let ranges = retained.ranges(&start)?;
        Ok::<_, RetainedError>((retained, ranges))
    });
    let (retained, ranges) = joined(planned.await)?;

    // Offsets hold transaction markers, so this is the most there can be.
    let most = ranges.iter().map(|range| u64::try_from(range.to - range.from).unwrap_or_default()).sum();
    let shared = Arc::new(Shared {
        decoder,
        enricher,
        writer,
        pauses: Pauses::new(&settings.pause),
        settings,
        stop,
        bar: bar(most),
        batches: AtomicU64::new(0),
        posts: AtomicU64::new(0),
        refused: AtomicU64::new(0),
        malformed: AtomicU64::new(0),
    });
    let began = Instant::now();
    // A few messages ahead: the client reads ahead as well.
    let (sender, receiver) = mpsc::channel(8);
    let stop = shared.stop.clone();
    let reader = tokio::task::spawn_blocking(move || read::feed(&retained, &ranges, order, &sender, &stop));
    let receiver = Arc::new(Mutex::new(receiver));
    let mut flows = JoinSet::new();
    for _ in 0..shared.settings.write.writers.get() {
        let (shared, receiver) = (Arc::clone(&shared), Arc::clone(&receiver));
        flows.spawn(async move { shared.write(&receiver).await });
    }
    let mut result = Ok(());
    while let Some(ended) = flows.join_next().await {
        let ended = joined(ended);
        if ended.is_err() {
            shared.stop.cancel();
            result = ended;
        }
    }
    drop(receiver);
    let read = joined(reader.await);
    shared.bar.finish_and_clear();
    result?;
    read?;
    Ok(shared.tell(began.elapsed()))
}

fn joined<T>(result: Result<T, tokio::task::JoinError>) -> T {
    result.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

struct Shared {
    decoder: Decoder,
    enricher: Enricher,
    writer: Writer,
    pauses: Pauses,
    settings: Settings,
    stop: CancellationToken,
    bar: ProgressBar,
    batches: AtomicU64,
    posts: AtomicU64,
    refused: AtomicU64,
    malformed: AtomicU64,
}

impl Shared {
    async fn write(&self, receiver: &Mutex<mpsc::Receiver<Message>>) -> Result<(), ReplayError> {
        loop {
            let group = self.gather(receiver).await?;
            if group.is_empty() || !self.apply(&group).await {
                return Ok(());
            }
        }
    }

    /// The next batches, up to the limit of posts; empty at the end.
    async fn gather(&self, receiver: &Mutex<mpsc::Receiver<Message>>) -> Result<Group, ReplayError> {
        let limit = self.settings.write.posts_per_transaction.get();
        let mut group = Group::default();
        // One writer gathers at a time; the others write meanwhile.
        let mut receiver = receiver.lock().await;
        while group.posts < limit && !self.stop.is_cancelled() {
            let message = if group.is_empty() { receiver.recv().await } else { receiver.try_recv().ok() };
            let Some(message) = message else { break };
            match self.decoder.decode::<TweetBatch>(message.value.as_deref().unwrap_or_default()).await {
                Decoded::Record(batch) => self.take_in(&mut group, &message, *batch),
                Decoded::Malformed(reason) => {
                    // It was set aside when it came first.
                    tracing::debug!(offset = message.ticket.offset, reason, "malformed message passed over");
                    self.malformed.fetch_add(1, Relaxed);
                    self.bar.inc(1);
                }
                Decoded::NotYet(missing) => {
                    let crate::enrich::Source { topic, partition, offset } = message.ticket.source();
                    return Err(ReplayError::NotYet { topic, partition, offset, missing });
                }
            }
        }
        Ok(group)
    }

    fn take_in(&self, group: &mut Group, message: &Message, batch: TweetBatch) {
        let (span, trace) = spans::process(message, &self.settings.kafka.group_id, Joins::Never, now_ms());
        let received = Received {
            batch,
            source: message.ticket.source(),
            trace,
            committed_at_ms: message.timestamp_ms,
            span: span.clone(),
        };
        let enriched =
            spans::enrich(&span, posts(&received.batch)).in_scope(|| enrich(&self.enricher, received));
        group.push(message.ticket, enriched);
    }

    /// Writes, however long it takes; false if the end was asked for.
    async fn apply(&self, group: &Group) -> bool {
        for attempt in 1.. {
            match self.writer.apply(group.batches(), Mode::Reapply).await {
                Ok(outcomes) => {
                    let refused: usize = outcomes.iter().map(refused).sum();
                    let count = group.batches().len() as u64;
                    self.refused.fetch_add(refused as u64, Relaxed);
                    self.batches.fetch_add(count, Relaxed);
                    let posts = self.posts.fetch_add(group.posts as u64, Relaxed) + group.posts as u64;
                    self.bar.inc(count);
                    self.bar.set_message(format!(
                        "{posts} posts, {:.0} posts/s",
                        rate(posts, self.bar.elapsed())
                    ));
                    return true;
                }
                Err(pause) => {
                    tracing::warn!(%pause, attempt, "paused: tried again until it works");
                    tokio::select! {
                        () = tokio::time::sleep(self.pauses.after(attempt)) => {}
                        () = self.stop.cancelled() => return false,
                    }
                }
            }
        }
        false
    }

    fn tell(&self, took: Duration) -> ExitCode {
        let (batches, posts) = (self.batches.load(Relaxed), self.posts.load(Relaxed));
        let (refused, malformed) = (self.refused.load(Relaxed), self.malformed.load(Relaxed));
        println!(
            "{batches} batches, {posts} posts applied again in {} ({:.0} posts/s); {refused} posts refused by MySQL, {malformed} malformed messages passed over",
            HumanDuration(took),
            rate(posts, took),
        );
        if self.stop.is_cancelled() {
            println!("interrupted: start it again to apply the rest");
            return ExitCode::FAILURE;
        }
        ExitCode::SUCCESS
    }
}

/// Posts that MySQL refused: they lie in the dead-letter topic since they came first.
fn refused(outcome: &Outcome) -> usize {
    rejected(outcome).len() + usize::from(matches!(outcome, Outcome::Refused { .. }))
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn rate(posts: u64, took: Duration) -> f64 {
    posts as f64 / took.as_secs_f64().max(0.001)
}

fn bar(most: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} batches, {msg}, {eta} left");
    ProgressBar::new(most).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
