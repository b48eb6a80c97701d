//! OTLP over http/protobuf. The blocking client on the SDK's own threads is the only one that works with them.

use std::sync::Arc;

use opentelemetry_otlp::{ExporterBuildError, MetricExporter, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider};

use super::losses::{Counted, CountedQueue, Losses};
use super::{TelemetryError, TelemetrySettings, sample};

/// Providers of spans and metrics; without an endpoint they make ids, and send nothing.
pub(super) fn providers(
    settings: &TelemetrySettings,
    resource: Resource,
    losses: &Arc<Losses>,
) -> Result<(SdkTracerProvider, SdkMeterProvider), TelemetryError> {
    let mut tracer =
        SdkTracerProvider::builder().with_sampler(sample::sampler(settings)).with_resource(resource.clone());
    let mut meters = SdkMeterProvider::builder().with_resource(resource);
    if let Some(endpoint) = &settings.otlp_endpoint {
        crate::install_crypto_provider();
        let refused = |e: ExporterBuildError| TelemetryError::Exporter {
            endpoint: endpoint.clone(),
            reason: e.to_string(),
        };
        let base = endpoint.trim_end_matches('/');
        let spans = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{base}/v1/traces"))
            .with_timeout(settings.export_timeout.0)
            .build()
            .map_err(refused)?;
        let metrics = MetricExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{base}/v1/metrics"))
            .with_timeout(settings.export_timeout.0)
            .build()
            .map_err(refused)?;
        let queue = BatchConfigBuilder::default()
            .with_max_queue_size(settings.queue_size.get())
            .with_scheduled_delay(settings.export_interval.0)
            .build();
        let batches = BatchSpanProcessor::builder(Counted { inner: spans, losses: Arc::clone(losses) });
        tracer = tracer.with_span_processor(CountedQueue {
            inner: batches.with_batch_config(queue).build(),
            limit: settings.queue_size.get(),
            losses: Arc::clone(losses),
        });
        let reader = PeriodicReader::builder(Counted { inner: metrics, losses: Arc::clone(losses) });
        meters = meters.with_reader(reader.with_interval(settings.export_interval.0).build());
    }
    Ok((tracer.build(), meters.build()))
}
