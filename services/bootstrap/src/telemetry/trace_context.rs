//! Trace context across Kafka (W3C `traceparent`, `tracestate`) and the ids of the current trace.

use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The headers that make another process's spans children of this one: `traceparent`, and `tracestate` if there is one.
/// Starts the span if need be. Empty without telemetry.
pub fn inject(span: &Span) -> Vec<(String, String)> {
    let mut headers = HashMap::new();
    TraceContextPropagator::new().inject_context(&span.context(), &mut headers);
    // The propagator always writes `tracestate`, mostly empty.
    headers.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// The context that such headers carry; other headers are passed over. Without valid ones: an empty context.
pub fn extract<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Context {
    let headers: HashMap<String, String> =
        headers.into_iter().map(|(key, value)| (key.to_lowercase(), value.to_owned())).collect();
    TraceContextPropagator::new().extract_with_context(&Context::new(), &headers)
}

/// Makes `parent` the parent of a span that has not been entered yet; false if it came too late or without telemetry.
pub fn adopt(span: &Span, parent: Context) -> bool {
    span.set_parent(parent).is_ok()
}

/// Links a span to another trace instead of joining it; a context without a span links nothing.
pub fn link(span: &Span, to: &Context) {
    span.add_link(to.span().span_context().clone());
}

/// What leads from a row or a log line to its trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceIds {
    /// 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits.
    pub span_id: String,
    /// Whether the trace is kept.
    pub sampled: bool,
}

impl TraceIds {
    /// The ids of a span, which this starts if need be; `None` without telemetry.
    pub fn of(span: &Span) -> Option<Self> {
        Self::of_context(&span.context())
    }

    /// The ids that a context carries.
    pub fn of_context(context: &Context) -> Option<Self> {
        let span = context.span();
        let ids = span.span_context();
        ids.is_valid().then(|| Self {
            trace_id: ids.trace_id().to_string(),
            span_id: ids.span_id().to_string(),
            sampled: ids.is_sampled(),
        })
    }
}
