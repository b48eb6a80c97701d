//! `transformer run`: start in order, work until asked to stop, end in order.

use std::sync::Arc;
use std::time::Duration;

use bootstrap::{Health, HealthError};
use thiserror::Error;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::aside::{Aside, Streak};
use crate::config::Settings;
use crate::decode::{Decoder, RegistryError};
use crate::enrich::{EnrichError, Enricher};
use crate::flow::{CHECKS, Flow, Pauses, Stuck};
use crate::from_kafka::{Group, GroupError, Reports, TopicError, Waiting, ensure};
use crate::metrics::Metrics;
use crate::migrate::{self, MigrateError};
use crate::rollups::{self, Calendar, CalendarError};
use crate::to_mysql::{ConnectError, Writer};

/// Why the service did not start, or ended.
#[derive(Debug, Error)]
pub enum RunError {
    /// Signals cannot be waited for.
    #[error("no signal handler: {0}")]
    Signals(std::io::Error),
    /// The health endpoint.
    #[error(transparent)]
    Health(#[from] HealthError),
    /// A topic, or the brokers.
    #[error(transparent)]
    Topics(#[from] TopicError),
    /// The registry's client.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Taxonomy or lexicons.
    #[error(transparent)]
    Enrich(#[from] EnrichError),
    /// MySQL.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The schema cannot be read.
    #[error(transparent)]
    Migrations(#[from] MigrateError),
    /// The schema is none that this release works with.
    #[error("mysql.database: {0}")]
    Schema(String),
    /// The time zone of the rollups.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The consumer.
    #[error(transparent)]
    Group(#[from] GroupError),
}

/// How long the end waits for what is in hand.
const LAST: Duration = Duration::from_secs(20);
/// How often MySQL is asked whether it is there while nothing is written.
const PING: Duration = Duration::from_secs(5);

/// Works until SIGTERM or SIGINT.
///
/// # Errors
/// Whatever keeps it from starting, each with its way out; later, a consumer that cannot go on.
pub async fn run(settings: Settings) -> Result<(), RunError> {
    // First: a table that cannot be used is said before anything is connected to.
    let enricher = Enricher::load(&settings.enrich)?;
    let stop = bootstrap::stop_on_signals().map_err(RunError::Signals)?;
    let health = Health::start(&settings.health, &CHECKS).await?;
    let writer = tokio::select! {
        writer = prepare(&settings) => writer?,
        () = stop.cancelled() => return Ok(()),
    };
    health.readiness.set("mysql", Ok(()));
    health.readiness.set("partitions", Ok(()));

    let waiting = Arc::new(Waiting::new(settings.kafka.waiting_kib.get() * 1024));
    let metrics = Metrics::new(&waiting);
    let reports = Reports {
        heartbeat: health.heartbeat.clone(),
        readiness: health.readiness.clone(),
        metrics: Arc::clone(&metrics),
    };
    let flow = Arc::new(Flow {
        waiting: Arc::clone(&waiting),
        decoder: Decoder::new(&settings.schema_registry)?,
        enricher,
        writer,
        aside: Aside::new(&settings.kafka.brokers),
        streak: Streak::new(settings.pause.rejected_in_a_row),
        metrics,
        readiness: health.readiness.clone(),
        stuck: Stuck::new(health.readiness.clone()),
        pauses: Pauses::new(&settings.pause),
        settings,
        stop: stop.clone(),
    });
    let ended = CancellationToken::new();
    let group = Group::join(&flow.settings.kafka, Arc::clone(&waiting), reports, ended.clone())?;
    let mut writers = JoinSet::new();
    for _ in 0..flow.settings.write.writers.get() {
        let flow = Arc::clone(&flow);
        writers.spawn(async move { flow.run().await });
    }
    let roller = rollups::run(
        flow.settings.mysql.clone(),
        flow.settings.rollups.clone(),
        Arc::clone(&flow.metrics),
        stop.clone(),
    );
    let roller = tokio::spawn(roller);
    let pings = tokio::spawn(ping(Arc::clone(&flow)));
    tracing::info!(group = flow.settings.kafka.group_id, writers = writers.len(), "transformer running");

    tokio::select! {
        () = stop.cancelled() => {}
        () = ended.cancelled() => stop.cancel(),
        // Writers end only when they are asked to: this one panicked.
        Some(Err(panic)) = writers.join_next() => std::panic::resume_unwind(panic.into_panic()),
    }
    pings.abort();
    waiting.close();
    let in_hand = async { while writers.join_next().await.is_some() {} };
    if tokio::time::timeout(LAST, in_hand).await.is_err() {
        tracing::warn!("what is in hand did not end in time; it is applied at the next start");
    }
    if tokio::time::timeout(LAST, roller).await.is_err() {
        tracing::warn!("the rollups of a day did not end in time; they are made at the next start");
    }
    let left = tokio::task::spawn_blocking(move || {
        let left = group.leave();
        flow.aside.flush(Duration::from_secs(5));
        left
    });
    left.await.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))?;
    tracing::info!("transformer ended");
    Ok(())
}

/// States MySQL's readiness also while nothing is written.
async fn ping(flow: Arc<Flow>) {
    let mut turns = tokio::time::interval(PING);
    loop {
        turns.tick().await;
        match flow.writer.ping(PING).await {
            Ok(()) => flow.readiness.set("mysql", Ok(())),
            Err(pause) => flow.readiness.set("mysql", Err(&pause.to_string())),
        }
    }
}

/// What has to be there before a batch is read.
async fn prepare(settings: &Settings) -> Result<Writer, RunError> {
    Calendar::of(&settings.rollups.report_timezone)?;
    ensure(&settings.kafka).await?;
    migrate::schema_state(&settings.mysql).await?.usable().map_err(RunError::Schema)?;
    Ok(Writer::connect(&settings.mysql, &settings.write).await?)
}
