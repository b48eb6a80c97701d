//! The running extractor: whose turn it is, what everybody waits for, and how it ends.

use std::time::{Duration, Instant};

use bootstrap::{Heartbeat, Readiness};
use contract::Cursor;
use tokio_util::sync::CancellationToken;
use x_api::Client;

use crate::clock::XClock;
use crate::metrics::Metrics;
use crate::money::{Ledger, UsdMicros};
use crate::plan::{Terms, Walk};
use crate::rules::Rule;
use crate::to_kafka::{Fenced, Framing, ToKafka};

/// Conditions of readiness.
pub(crate) const CHECKS: &[&str] = &["kafka", "x", "rules"];
/// The heartbeat goes on while there is nothing to do.
const BEAT: Duration = Duration::from_secs(10);

/// A rule and where it stands.
pub(crate) struct Running {
    pub(crate) rule: Rule,
    pub(crate) terms: Terms,
    /// Where it stands.
    pub(crate) cursor: Cursor,
    /// As it stands in Kafka.
    pub(crate) written: Cursor,
    /// A walk that was asked for and not answered, perhaps with other bounds than it began with.
    pub(crate) unanswered: Option<Walk>,
    /// When the walk in hand, or the last one, was begun.
    pub(crate) begun: Instant,
    /// Not before this.
    pub(crate) due: Instant,
    /// What it waits for until then.
    pub(crate) waits_for: &'static str,
    /// The next page may have been billed before.
    pub(crate) refetch: bool,
    /// Requests for the next page so far, and when the first was sent.
    pub(crate) attempts: i32,
    pub(crate) first_asked: Option<i64>,
    /// Pauses between failures in a row.
    pub(crate) pauses: Option<backon::ExponentialBackoff>,
    /// Why it was stopped.
    pub(crate) stopped: Option<String>,
}

/// Everything a page needs.
pub(crate) struct Extractor {
    pub(crate) x: Client,
    pub(crate) kafka: ToKafka,
    pub(crate) framing: Framing,
    pub(crate) rules: Vec<Running>,
    pub(crate) ledger: Ledger,
    /// As it stands in Kafka.
    pub(crate) written: Option<Ledger>,
    pub(crate) block: UsdMicros,
    pub(crate) prices: crate::money::Prices,
    pub(crate) clock: XClock,
    pub(crate) identity: String,
    pub(crate) metrics: Metrics,
    pub(crate) readiness: Readiness,
    pub(crate) heartbeat: Heartbeat,
    pub(crate) stop: CancellationToken,
    /// X counts requests by app: every rule waits.
    pub(crate) all_wait: Option<(Instant, &'static str)>,
    /// Nothing is asked for before the operator acts.
    pub(crate) all_stopped: bool,
}

impl Extractor {
    /// Collects until it is stopped. A fenced extractor stays up, collects nothing and says who took over.
    pub(crate) async fn run(mut self) {
        match self.collect().await {
            Ok(true) => {
                tracing::info!("stopped; the cursor of every rule is in Kafka");
            }
            Ok(false) => {
                tracing::warn!("stopped without Kafka; the next start carries what is still reserved");
            }
            Err(fenced) => stay_fenced(&fenced, &self.readiness, &self.heartbeat, &self.stop).await,
        }
    }

    async fn collect(&mut self) -> Result<bool, Fenced> {
        while !self.stop.is_cancelled() {
            self.heartbeat.beat();
            match self.whose_turn() {
                Turn::Of(at) => self.page(at).await?,
                Turn::Nobodys { until, reason } => self.wait(until, reason).await,
            }
        }
        self.release().await
    }

    fn whose_turn(&self) -> Turn {
        let now = Instant::now();
        let far = now + Duration::from_secs(3600);
        if self.all_stopped {
            return Turn::Nobodys { until: far, reason: "stopped" };
        }
        if let Some((until, reason)) = self.all_wait.filter(|(until, _)| *until > now) {
            return Turn::Nobodys { until, reason };
        }
        let waiting = self.rules.iter().enumerate().filter(|(_, rule)| rule.stopped.is_none());
        match waiting.min_by_key(|(_, rule)| rule.due) {
            Some((at, rule)) if rule.due <= now => Turn::Of(at),
            Some((_, rule)) => Turn::Nobodys { until: rule.due, reason: rule.waits_for },
            None => Turn::Nobodys { until: far, reason: "stopped" },
        }
    }

    async fn wait(&self, until: Instant, reason: &'static str) {
        let begun = Instant::now();
        while !self.stop.is_cancelled() && Instant::now() < until {
            self.heartbeat.beat();
            let slice = until.min(Instant::now() + BEAT);
            tokio::select! {
                () = tokio::time::sleep_until(slice.into()) => {}
                () = self.stop.cancelled() => {}
            }
        }
        self.metrics.waited(reason, begun.elapsed().as_secs_f64());
    }
}

enum Turn {
    Of(usize),
    Nobodys { until: Instant, reason: &'static str },
}

/// Up, not ready, and buying nothing until somebody stops it.
pub(crate) async fn stay_fenced(
    fenced: &Fenced,
    readiness: &Readiness,
    heartbeat: &Heartbeat,
    stop: &CancellationToken,
) {
    readiness.set("kafka", Err(&format!("fenced: {fenced}")));
    tracing::error!(
        by = fenced.by.instance,
        identity = fenced.by.identity,
        "fenced: another process took over this identity; this one buys nothing more. Stop it, or give it an identity \
         and rules of its own"
    );
    while !stop.is_cancelled() {
        heartbeat.beat();
        tokio::select! {
            () = tokio::time::sleep(BEAT) => {}
            () = stop.cancelled() => {}
        }
    }
}
