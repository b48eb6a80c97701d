//! From OTLP's messages to the sink's records. Pure.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{Metric, metric, number_data_point};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind, status::StatusCode};
use serde_json::{Value, json};

use super::record::{Link, MetricPoint, SpanRecord};

pub(super) fn spans(request: ExportTraceServiceRequest) -> impl Iterator<Item = SpanRecord> {
    request.resource_spans.into_iter().flat_map(|resource| {
        let service = service(resource.resource.as_ref());
        let spans = resource.scope_spans.into_iter().flat_map(|scope| scope.spans);
        spans.map(move |from| span(&service, from))
    })
}

fn span(service: &str, from: Span) -> SpanRecord {
    let kind = SpanKind::try_from(from.kind).unwrap_or_default();
    let failed = from.status.filter(|status| status.code == StatusCode::Error as i32);
    SpanRecord {
        trace_id: hex(&from.trace_id),
        span_id: hex(&from.span_id),
        parent_span_id: (!from.parent_span_id.is_empty()).then(|| hex(&from.parent_span_id)),
        service: service.to_owned(),
        name: from.name,
        kind: kind.as_str_name().trim_start_matches("SPAN_KIND_").to_lowercase(),
        start_ns: from.start_time_unix_nano,
        end_ns: from.end_time_unix_nano,
        error: failed.map(|status| status.message),
        attributes: attributes(from.attributes),
        events: from.events.into_iter().map(|event| event.name).collect(),
        links: from
            .links
            .into_iter()
            .map(|link| Link { trace_id: hex(&link.trace_id), span_id: hex(&link.span_id) })
            .collect(),
    }
}

pub(super) fn metrics(request: ExportMetricsServiceRequest) -> impl Iterator<Item = MetricPoint> {
    request.resource_metrics.into_iter().flat_map(|resource| {
        let service = service(resource.resource.as_ref());
        let metrics = resource.scope_metrics.into_iter().flat_map(|scope| scope.metrics);
        metrics.flat_map(move |metric| points(&service, metric))
    })
}

fn points(service: &str, from: Metric) -> Vec<MetricPoint> {
    let (name, unit) = (from.name, from.unit);
    let point = |given, time_ns, value, count| MetricPoint {
        name: name.clone(),
        unit: unit.clone(),
        service: service.to_owned(),
        attributes: attributes(given),
        value,
        count,
        time_ns,
    };
    let numbers = match from.data {
        Some(metric::Data::Gauge(gauge)) => gauge.data_points,
        Some(metric::Data::Sum(sum)) => sum.data_points,
        Some(metric::Data::Histogram(histogram)) => {
            let points = histogram.data_points.into_iter();
            return points
                .map(|from| {
                    point(
                        from.attributes,
                        from.time_unix_nano,
                        from.sum.unwrap_or_default(),
                        Some(from.count),
                    )
                })
                .collect();
        }
        _ => Vec::new(),
    };
    let value = |value| match value {
        Some(number_data_point::Value::AsDouble(value)) => value,
        #[expect(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
        Some(number_data_point::Value::AsInt(value)) => value as f64,
        None => f64::NAN,
    };
    numbers
        .into_iter()
        .map(|from| point(from.attributes, from.time_unix_nano, value(from.value), None))
        .collect()
}

fn service(resource: Option<&Resource>) -> String {
    let mut attributes = resource.into_iter().flat_map(|resource| &resource.attributes);
    let name = attributes.find(|attribute| attribute.key == "service.name");
    match name.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
        Some(any_value::Value::StringValue(name)) => name.clone(),
        _ => "unknown".to_owned(),
    }
}

fn attributes(from: Vec<KeyValue>) -> BTreeMap<String, Value> {
    from.into_iter().map(|attribute| (attribute.key, value(attribute.value))).collect()
}

fn value(from: Option<AnyValue>) -> Value {
    match from.and_then(|value| value.value) {
        Some(any_value::Value::StringValue(text)) => Value::from(text),
        Some(any_value::Value::BoolValue(flag)) => Value::from(flag),
        Some(any_value::Value::IntValue(number)) => Value::from(number),
        Some(any_value::Value::DoubleValue(number)) => Value::from(number),
        Some(any_value::Value::ArrayValue(array)) => {
            array.values.into_iter().map(|item| value(Some(item))).collect()
        }
        Some(any_value::Value::KvlistValue(list)) => json!(attributes(list.values)),
        Some(any_value::Value::BytesValue(bytes)) => Value::from(hex(&bytes)),
        _ => Value::Null,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
