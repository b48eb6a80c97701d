//! Logs, traces and metrics of a service: set up once at its start, flushed at its end.

mod disk;
mod export;
mod log;
mod losses;
mod sample;
#[cfg(test)]
mod tests;
pub(crate) mod trace_context;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry::metrics::Meter;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{KeyValue, global};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde::Deserialize;
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Level};
use tracing_subscriber::filter::{FilterExt as _, Targets, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Filter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::DurationText;
use losses::Losses;

/// The section `[telemetry]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    /// Base URL of an OTLP receiver for http/protobuf; `None`: no traces or metrics leave, logs still carry trace ids.
    pub otlp_endpoint: Option<String>,
    /// Whether any trace is kept; metrics leave either way.
    pub traces: bool,
    /// Share kept of the traces whose root span asks for it by `garimpo.sample = "ratio"`; of the others all are, but those
    /// that say `"never"`.
    pub sample_ratio: f64,
    /// Spans that may wait for export (those on their way included) before further ones are dropped and counted.
    pub queue_size: NonZeroUsize,
    /// How often spans and metrics leave; spans also when 512 wait.
    pub export_interval: DurationText,
    /// How long one export may take.
    pub export_timeout: DurationText,
    /// Folders whose file systems are measured; none: no such metric.
    pub disk_paths: Vec<PathBuf>,
    /// Shape of the log lines.
    pub log_format: LogFormat,
    /// A level, or directives as in `RUST_LOG`.
    pub log_level: String,
}

/// Shape of the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Who is speaking: the resource attributes `service.name`, `service.version` and `service.instance.id`.
#[derive(Clone, Debug)]
pub struct ServiceInfo {
    /// `extractor`
    pub name: &'static str,
    /// `env!("CARGO_PKG_VERSION")`
    pub version: &'static str,
    /// What tells this process from others of the same name: its identity or its place in the group.
    pub instance: String,
}

/// Telemetry that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// Not a filter.
    #[error("telemetry.log_level: {0:?} is no log filter; give a level or such as \"info,extractor=debug\"")]
    LogLevel(String),
    /// Not a share.
    #[error("telemetry.sample_ratio: {0} is not between 0.0 and 1.0")]
    SampleRatio(f64),
    /// A user or password in the URL, which errors would print.
    #[error("telemetry.otlp_endpoint: no credentials in the URL; give them in OTEL_EXPORTER_OTLP_HEADERS")]
    Credentials,
    /// The OTLP exporter refuses.
    #[error(
        "telemetry.otlp_endpoint: cannot export to {endpoint}: {reason} (without the package ca-certificates no HTTP client can be built)"
    )]
    Exporter {
        /// As set.
        endpoint: String,
        /// The exporter's words.
        reason: String,
    },
    /// Set up twice.
    #[error("telemetry is already set up in this process")]
    Twice,
}

/// The telemetry of this process. End it by [`Telemetry::flush_and_shutdown`].
#[derive(Debug)]
pub struct Telemetry {
    tracer: SdkTracerProvider,
    meters: SdkMeterProvider,
    losses: Arc<Losses>,
}

impl Telemetry {
    /// Sets up logs on standard error and, with an endpoint, traces and metrics, for the whole process.
    /// May be called inside a tokio runtime.
    pub fn init(settings: &TelemetrySettings, service: &ServiceInfo) -> Result<Self, TelemetryError> {
        let (telemetry, dispatch) = Self::assemble(settings, service, std::io::stderr)?;
        tracing::dispatcher::set_global_default(dispatch).map_err(|_| TelemetryError::Twice)?;
        global::set_meter_provider(telemetry.meters.clone());
        Ok(telemetry)
    }

    fn assemble<W>(
        settings: &TelemetrySettings,
        service: &ServiceInfo,
        writer: W,
    ) -> Result<(Self, Dispatch), TelemetryError>
    where
        W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    {
        if !(0.0..=1.0).contains(&settings.sample_ratio) {
            return Err(TelemetryError::SampleRatio(settings.sample_ratio));
        }
        if settings.otlp_endpoint.as_ref().is_some_and(|url| url.contains('@')) {
            return Err(TelemetryError::Credentials);
        }
        let wanted = EnvFilter::try_new(&settings.log_level)
            .map_err(|_| TelemetryError::LogLevel(settings.log_level.clone()))?;
        let resource = Resource::builder()
            .with_service_name(service.name)
            .with_attributes([
                KeyValue::new("service.version", service.version),
                KeyValue::new("service.instance.id", service.instance.clone()),
            ])
            .build();
        let losses = Arc::new(Losses::default());
        let (tracer, meters) = export::providers(settings, resource, &losses)?;
        losses.publish(&meters);
        disk::publish(&settings.disk_paths, &meters);

        let spans = tracing_opentelemetry::layer()
            .with_tracer(tracer.tracer("garimpo"))
            .with_location(false)
            // Jaeger's store indexes every attribute of every span; a span's name says where it was made.
            .with_target(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_filter(spans_worth_keeping());
        let logs = log::layer(settings.log_format, writer).with_filter(wanted);
        // Spans first: a log line asks for the ids of a span that has to be started by then.
        let subscriber = tracing_subscriber::registry().with(spans).with(logs);
        Ok((Self { tracer, meters, losses }, Dispatch::new(subscriber)))
    }

    /// Sends what is left and ends the export; gives up after `limit`. True if everything was delivered.
    /// Works without a collector, and blocks no thread of the runtime.
    pub async fn flush_and_shutdown(self, limit: Duration) -> bool {
        let Self { tracer, meters, losses } = self;
        let (done, finished) = tokio::sync::oneshot::channel();
        // An own thread, not spawn_blocking: the runtime would wait for that one when it ends.
        std::thread::spawn(move || {
            let spans = tracer.shutdown_with_timeout(limit);
            // Last, so that the metrics tell of the spans that were just dropped.
            let metrics = meters.shutdown_with_timeout(limit);
            drop((tracer, meters));
            // Nobody listens any more when the limit has passed.
            let _ = done.send(spans.is_ok() && metrics.is_ok());
        });
        let in_time = matches!(tokio::time::timeout(limit, finished).await, Ok(Ok(true)));
        let lost = losses.lost_spans();
        if lost > 0 {
            tracing::warn!(spans = lost, "spans were never delivered");
        }
        in_time && lost == 0
    }
}

/// The meter for the services' metrics; what it makes goes nowhere before [`Telemetry::init`].
pub fn meter() -> Meter {
    global::meter("garimpo")
}

/// The exporter's own HTTP calls would make spans about sending spans. Of log lines, spans carry what went wrong: the others
/// say again what stands in attributes.
fn spans_worth_keeping<S: tracing::Subscriber>() -> impl Filter<S> {
    let noise =
        ["hyper", "hyper_util", "h2", "reqwest", "opentelemetry", "opentelemetry_sdk", "opentelemetry_otlp"];
    let targets = Targets::new()
        .with_default(LevelFilter::INFO)
        .with_targets(noise.map(|target| (target, LevelFilter::OFF)));
    targets.and(filter_fn(|metadata| metadata.is_span() || *metadata.level() <= Level::WARN))
}
