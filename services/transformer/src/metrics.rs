//! What the transformer counts, by OTLP.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use contract::topics::BATCHES;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use crate::aside::Reason;
use crate::from_kafka::{Partition, Waiting};
use crate::to_mysql::Outcome;

/// Counters and histograms; gauges are observed when metrics leave.
#[derive(Debug)]
pub struct Metrics {
    batches: Counter<u64>,
    posts: Counter<u64>,
    rows: Counter<u64>,
    rejected: Counter<u64>,
    retries: Counter<u64>,
    pauses: Counter<u64>,
    rolled: Counter<u64>,
    process: Histogram<f64>,
    latency: Histogram<f64>,
    /// Messages of a partition beyond what was fetched, as librdkafka last told.
    unread: Mutex<BTreeMap<i32, i64>>,
}

impl Metrics {
    /// Makes the instruments; gauges look at `waiting`.
    pub fn new(waiting: &Arc<Waiting>) -> Arc<Self> {
        Self::of(&bootstrap::meter(), waiting)
    }

    fn of(meter: &Meter, waiting: &Arc<Waiting>) -> Arc<Self> {
        let counter =
            |name, unit, about| meter.u64_counter(name).with_unit(unit).with_description(about).build();
        let seconds = |name, about| {
            let bounds = vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
            meter.f64_histogram(name).with_unit("s").with_description(about).with_boundaries(bounds).build()
        };
        let metrics = Arc::new(Self {
            batches: counter(
                "garimpo.batches",
                "{batch}",
                "Batches by outcome: applied, known, repeated, refused",
            ),
            posts: counter("garimpo.posts", "{post}", "Posts written, matched and included apart"),
            rows: counter("garimpo.rows", "{row}", "Rows sent to MySQL"),
            rejected: counter("garimpo.rejected", "{item}", "Messages and posts set aside, by reason"),
            retries: counter("garimpo.retries", "{attempt}", "Attempts repeated, by what was not to be had"),
            pauses: counter("garimpo.pauses", "{pause}", "Pauses begun, by cause"),
            rolled: counter("garimpo.rollup.hours", "{hour}", "Hours the rollups were made again for"),
            process: seconds("messaging.process.duration", "From taking a message to its commit in MySQL"),
            latency: seconds("garimpo.latency", "From a message's Kafka timestamp to its commit in MySQL"),
            unread: Mutex::default(),
        });
        // From 0 on: increase() sees no first step of a series that begins with it.
        for reason in Reason::ALL {
            metrics.rejected.add(0, &[KeyValue::new("reason", reason.name())]);
        }
        metrics.observe(meter, waiting);
        metrics
    }

    /// Gauges.
    fn observe(self: &Arc<Self>, meter: &Meter, waiting: &Arc<Waiting>) {
        let (seen, lanes) = (Arc::clone(self), Arc::clone(waiting));
        meter
            .i64_observable_gauge("garimpo.lag")
            .with_unit("{message}")
            .with_description("Messages of a partition that are not applied")
            .with_callback(move |gauge| {
                for (partition, lag) in seen.lag(&lanes) {
                    gauge.observe(
                        lag,
                        &[KeyValue::new("messaging.destination.partition.id", partition.to_string())],
                    );
                }
            })
            .build();
        let lanes = Arc::clone(waiting);
        meter
            .f64_observable_gauge("garimpo.oldest_unread_age")
            .with_unit("s")
            .with_description(
                "Age of the oldest batch that is not applied, over the partitions of this process",
            )
            .with_callback(move |gauge| {
                if let Some(age) = oldest_unread_age(&lanes, now_ms()) {
                    gauge.observe(age, &[]);
                }
            })
            .build();
    }

    /// One batch is committed.
    pub fn applied(&self, outcome: &Outcome, seconds: f64, committed_at_ms: i64) {
        let (name, rows) = (outcome.name(), outcome.rows());
        self.batches.add(1, &[KeyValue::new("outcome", name)]);
        self.posts.add(rows.tweets as u64, &[KeyValue::new("kind", "matched")]);
        self.posts.add(rows.included as u64, &[KeyValue::new("kind", "included")]);
        self.rows.add(rows.total as u64, &[]);
        self.process.record(seconds, &[KeyValue::new("messaging.destination.name", BATCHES)]);
        self.latency.record(seconds_between(committed_at_ms, now_ms()), &[]);
    }

    /// Something is set aside.
    pub fn rejected(&self, reason: &'static str) {
        self.rejected.add(1, &[KeyValue::new("reason", reason)]);
    }

    /// Something is tried again; `first` begins a pause.
    pub fn retry(&self, cause: &'static str, first: bool) {
        self.retries.add(1, &[KeyValue::new("cause", cause)]);
        if first {
            self.pauses.add(1, &[KeyValue::new("cause", cause)]);
        }
    }

    /// Rollups of so many hours were made again.
    pub fn rolled(&self, hours: usize) {
        self.rolled.add(hours as u64, &[]);
    }

    /// What librdkafka tells of a partition.
    pub fn unread(&self, partition: i32, beyond: i64) {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).insert(partition, beyond);
    }

    /// Partitions left.
    pub fn forget(&self, partitions: &[Partition]) {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        for partition in partitions.iter().filter(|p| p.topic == BATCHES) {
            unread.remove(&partition.number);
        }
    }

    fn lag(&self, waiting: &Waiting) -> Vec<(i32, i64)> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let lanes = waiting.lanes().into_iter().filter(|lane| lane.partition.topic == BATCHES);
        lanes
            .map(|lane| {
                let beyond = unread.get(&lane.partition.number).copied().unwrap_or_default();
                (lane.partition.number, beyond + i64::try_from(lane.unapplied).unwrap_or(i64::MAX))
            })
            .collect()
    }
}

/// Seconds since Kafka took the oldest batch that is not applied; 0 where none waits, `None` without a partition: who
/// reads nothing does not know what is unread.
pub fn oldest_unread_age(waiting: &Waiting, now_ms: i64) -> Option<f64> {
    let mut lanes = waiting.lanes();
    lanes.retain(|lane| lane.partition.topic == BATCHES);
    let oldest = lanes.iter().filter_map(|lane| lane.oldest_ms).min();
    (!lanes.is_empty()).then(|| oldest.map_or(0.0, |oldest| seconds_between(oldest, now_ms)))
}

/// Seconds from one moment to another (milliseconds since 1970 UTC); never below 0.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of centuries fit")]
pub fn seconds_between(from_ms: i64, to_ms: i64) -> f64 {
    (to_ms - from_ms).max(0) as f64 / 1000.0
}

/// This machine's clock (milliseconds since 1970 UTC).
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
