//! All of the sandbox at once, and the services' telemetry in its sink.

use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, metric, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;
use sandbox::trace_sink::TraceSink;
use sandbox::{Sandbox, SandboxOptions};

const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn starts_everything_at_once_and_leaves_nothing_behind() {
    let begun = Instant::now();
    let options = SandboxOptions { simulator: None, ..SandboxOptions::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    println!("started in {:?}", begun.elapsed());
    let folder = sandbox.folder().to_owned();
    let pids = [sandbox.kafka.process().pid(), sandbox.mysql.process().pid()];
    let by_proxy = sandbox.kafka_proxy.address().to_string();
    crate::kafka::make_topic(&by_proxy, "by-proxy").await;
    assert!(sandbox::topics::committed(&by_proxy, "by-proxy", LIMIT).await.unwrap().is_empty());
    let spec = sandbox.transformer("transformer");
    assert!(format!("{spec:?}").contains("TRANSFORMER_MYSQL__PASSWORD_FILE"), "{spec:?}");
    drop(sandbox);
    assert!(!folder.exists());
    for pid in pids {
        assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists(), "{pid} still runs");
    }
}

fn text(key: &str, value: &str) -> KeyValue {
    let value = Some(AnyValue { value: Some(any_value::Value::StringValue(value.to_owned())) });
    KeyValue { key: key.to_owned(), value, ..KeyValue::default() }
}

fn resource() -> Option<Resource> {
    Some(Resource { attributes: vec![text("service.name", "extractor")], ..Resource::default() })
}

fn span(id: u8, parent: Option<u8>, name: &str) -> Span {
    Span {
        trace_id: vec![7; 16],
        span_id: vec![id; 8],
        parent_span_id: parent.map(|parent| vec![parent; 8]).unwrap_or_default(),
        name: name.to_owned(),
        kind: 3,
        start_time_unix_nano: u64::from(id),
        end_time_unix_nano: u64::from(id) + 10,
        attributes: vec![text("batch.id", "covid/1/1")],
        status: Some(Status { message: "refused".to_owned(), code: 2 }),
        ..Span::default()
    }
}

async fn send(sink: &TraceSink, signal: &str, body: Vec<u8>, encoding: Option<&str>) -> u16 {
    // Another test may have installed the same provider.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut post = client.post(format!("{}/v1/{signal}", sink.endpoint())).body(body);
    if let Some(encoding) = encoding {
        post = post.header("content-encoding", encoding);
    }
    post.send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trace_sink_keeps_spans_and_the_latest_metrics() {
    let folder = crate::support::folder();
    let sink = TraceSink::start(folder.path()).await.unwrap();
    let spans = vec![span(2, Some(1), "GET /2/tweets/search/recent"), span(1, None, "extract page")];
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    let resource_spans =
        vec![ResourceSpans { resource: resource(), scope_spans, ..ResourceSpans::default() }];
    let traces = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
    assert_eq!(send(&sink, "traces", traces.clone(), None).await, 200);
    assert_eq!(send(&sink, "traces", traces, Some("gzip")).await, 415);
    assert_eq!(send(&sink, "traces", b"no protobuf".to_vec(), None).await, 400);

    let root = sink.wait_for("extract page", LIMIT, |spans| spans.into_iter().next()).await.unwrap();
    assert_eq!((root.service.as_str(), root.kind.as_str()), ("extractor", "client"));
    assert_eq!((root.parent_span_id, root.error.as_deref()), (None, Some("refused")));
    assert_eq!(root.attributes["batch.id"], "covid/1/1");
    let trace = sink.trace(&root.trace_id).await.unwrap();
    let names: Vec<&str> = trace.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["extract page", "GET /2/tweets/search/recent"]);
    assert_eq!(trace[1].parent_span_id.as_deref(), Some(root.span_id.as_str()));
    let summaries = sink.traces().await.unwrap();
    assert_eq!((summaries.len(), summaries[0].spans), (1, 2));
    assert_eq!(summaries[0].root.as_deref(), Some("extract page"));

    for value in [1, 42] {
        let point = NumberDataPoint {
            value: Some(number_data_point::Value::AsInt(value)),
            attributes: vec![text("rule", "covid")],
            ..NumberDataPoint::default()
        };
        let data = Some(metric::Data::Sum(Sum { data_points: vec![point], ..Sum::default() }));
        let metrics = vec![Metric { name: "garimpo.posts".to_owned(), data, ..Metric::default() }];
        let scope_metrics = vec![ScopeMetrics { metrics, ..ScopeMetrics::default() }];
        let resource_metrics =
            vec![ResourceMetrics { resource: resource(), scope_metrics, ..ResourceMetrics::default() }];
        let body = ExportMetricsServiceRequest { resource_metrics }.encode_to_vec();
        assert_eq!(send(&sink, "metrics", body, None).await, 200);
    }
    let points = sink.metric("garimpo.posts").await.unwrap();
    assert_eq!(points.len(), 1);
    assert!((points[0].value - 42.0).abs() < f64::EPSILON);
    assert_eq!(points[0].attributes["rule"], "covid");
    sink.forget().await.unwrap();
    assert!(sink.traces().await.unwrap().is_empty());
}
