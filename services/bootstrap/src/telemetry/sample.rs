//! Which traces are kept: all, except those that ask for the ratio.

use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{Sampler, SamplingResult, ShouldSample};

use super::TelemetrySettings;

/// A child follows its parent, also across Kafka; a root is kept unless its attribute `garimpo.sample` says `"ratio"` or `"never"`.
/// Where no span leaves nothing is kept, whatever a parent was: a batch's row tells whether its trace can be looked for.
pub(super) fn sampler(settings: &TelemetrySettings) -> Sampler {
    if !settings.traces || settings.otlp_endpoint.is_none() {
        return Sampler::AlwaysOff;
    }
    Sampler::ParentBased(Box::new(Roots { by_ratio: Sampler::TraceIdRatioBased(settings.sample_ratio) }))
}

#[derive(Clone, Debug)]
struct Roots {
    by_ratio: Sampler,
}

impl ShouldSample for Roots {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let asks = attributes.iter().find(|a| a.key.as_str() == "garimpo.sample").map(|a| a.value.as_str());
        let sampler = match asks.as_deref() {
            Some("ratio") => &self.by_ratio,
            Some("never") => &Sampler::AlwaysOff,
            _ => &Sampler::AlwaysOn,
        };
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}
