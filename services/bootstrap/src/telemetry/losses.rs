//! What telemetry loses, counted: the SDK drops spans silently when its queue is full or an export fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor};

/// Shared counts of one process's telemetry.
#[derive(Debug, Default)]
pub(super) struct Losses {
    /// Ended, neither delivered nor lost yet.
    waiting: AtomicUsize,
    queue_full: AtomicU64,
    export_failed: AtomicU64,
    metric_exports_failed: AtomicU64,
    failing: AtomicBool,
}

impl Losses {
    /// Makes the counts metrics: `garimpo.spans.dropped` by reason, `garimpo.metrics.export_failures`.
    pub(super) fn publish(self: &Arc<Self>, meters: &SdkMeterProvider) {
        let meter = meters.meter("garimpo.telemetry");
        let losses = Arc::clone(self);
        meter
            .u64_observable_counter("garimpo.spans.dropped")
            .with_description("Spans that never reached the collector")
            .with_unit("{span}")
            .with_callback(move |seen| {
                seen.observe(losses.queue_full.load(Relaxed), &[KeyValue::new("reason", "queue_full")]);
                seen.observe(losses.export_failed.load(Relaxed), &[KeyValue::new("reason", "export_failed")]);
            })
            .build();
        let losses = Arc::clone(self);
        meter
            .u64_observable_counter("garimpo.metrics.export_failures")
            .with_description("Exports of metrics that failed; the next one carries the sums again")
            .with_unit("{export}")
            .with_callback(move |seen| seen.observe(losses.metric_exports_failed.load(Relaxed), &[]))
            .build();
    }

    /// Spans that were dropped, failed, or still wait.
    pub(super) fn lost_spans(&self) -> u64 {
        let waiting = u64::try_from(self.waiting.load(Relaxed)).unwrap_or(u64::MAX);
        self.queue_full.load(Relaxed) + self.export_failed.load(Relaxed) + waiting
    }

    /// Says when export begins to fail and when it works again, not each time.
    fn note(&self, result: &OTelSdkResult) {
        match result {
            Ok(()) if self.failing.swap(false, Relaxed) => tracing::info!("telemetry is exported again"),
            Err(error) if !self.failing.swap(true, Relaxed) => {
                tracing::warn!(%error, "telemetry cannot be exported; work goes on, losses are counted");
            }
            _ => {}
        }
    }
}

/// The SDK's batch processor behind an own limit on what waits, so that every dropped span is counted.
#[derive(Debug)]
pub(super) struct CountedQueue {
    pub(super) inner: BatchSpanProcessor,
    pub(super) limit: usize,
    pub(super) losses: Arc<Losses>,
}

impl SpanProcessor for CountedQueue {
    fn on_start(&self, span: &mut Span, cx: &Context) {
        self.inner.on_start(span, cx);
    }

    fn on_end(&self, span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        // Counted before it is queued: the queue of the same size then never overflows by itself.
        if self.losses.waiting.fetch_add(1, Relaxed) >= self.limit {
            self.losses.waiting.fetch_sub(1, Relaxed);
            self.losses.queue_full.fetch_add(1, Relaxed);
            return;
        }
        self.inner.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// An exporter whose failures are counted.
#[derive(Debug)]
pub(super) struct Counted<E> {
    pub(super) inner: E,
    pub(super) losses: Arc<Losses>,
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let result = self.inner.export(batch).await;
        if result.is_err() {
            self.losses.export_failed.fetch_add(spans as u64, Relaxed);
        }
        self.losses.waiting.fetch_sub(spans, Relaxed);
        self.losses.note(&result);
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

impl<E: PushMetricExporter> PushMetricExporter for Counted<E> {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let result = self.inner.export(metrics).await;
        if result.is_err() {
            self.losses.metric_exports_failed.fetch_add(1, Relaxed);
        }
        self.losses.note(&result);
        result
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.inner.temporality()
    }
}
