//! The span of an attempt, as an exporter sees it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use opentelemetry::trace::{SpanKind, Status, TraceContextExt, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use serde_json::json;
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use wiremock::ResponseTemplate;
use x_api::SearchRequest;

use crate::support::{TOKEN, client, raw, searching};

/// The exporter of this process. One subscriber for all threads: with one a test, tracing's cache of
/// which spans anyone wants would depend on which test comes first.
fn exporter() -> &'static InMemorySpanExporter {
    static EXPORTER: OnceLock<InMemorySpanExporter> = OnceLock::new();
    EXPORTER.get_or_init(|| {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
        exporter
    })
}

/// Sends one attempt under a span `page` and gives back the span below that.
async fn exported(base_url: &str, attempt: u32) -> SpanData {
    let exporter = exporter();
    let page = tracing::info_span!("page");
    // By id: wiremock lends the same address to other tests.
    let page_id = page.context().span().span_context().span_id();
    let client = client(base_url);
    let request = SearchRequest::new("covid");
    // Whether it succeeds is what the span has to tell.
    let _ = client.search_recent(&request, attempt).instrument(page).await;
    let spans = exporter.get_finished_spans().unwrap();
    spans.into_iter().find(|span| span.parent_span_id == page_id).unwrap()
}

fn attributes(span: &SpanData) -> BTreeMap<&str, String> {
    span.attributes.iter().map(|pair| (pair.key.as_str(), pair.value.to_string())).collect()
}

#[tokio::test]
async fn an_attempt_is_a_client_span_under_the_current_one() {
    let server =
        searching(ResponseTemplate::new(200).set_body_json(json!({"meta": {"result_count": 0}}))).await;
    let span = exported(&server.uri(), 0).await;
    assert_eq!(span.name, "GET /2/tweets/search/recent");
    assert_eq!((&span.span_kind, &span.status), (&SpanKind::Client, &Status::Unset));
    let seen = attributes(&span);
    assert_eq!(seen["http.request.method"], "GET");
    assert_eq!(seen["http.response.status_code"], "200");
    assert_eq!(seen["server.address"], "127.0.0.1");
    assert_eq!(seen["server.port"], server.address().port().to_string());
    assert_eq!(seen["network.protocol.version"], "1.1");
    assert!(seen["url.full"].contains("/2/tweets/search/recent?query=covid&"));
    assert!(!seen.contains_key("http.request.resend_count") && !seen.contains_key("error.type"));
    assert!(!format!("{span:?}").contains(TOKEN));
}

#[tokio::test]
async fn a_repeated_attempt_that_fails_says_how() {
    let server = searching(ResponseTemplate::new(503).set_body_string(TOKEN)).await;
    let span = exported(&server.uri(), 2).await;
    let seen = attributes(&span);
    assert_eq!((seen["http.request.resend_count"].as_str(), seen["error.type"].as_str()), ("2", "503"));
    assert!(matches!(span.status, Status::Error { .. }), "{:?}", span.status);
    assert!(!format!("{span:?}").contains(TOKEN));

    let address = raw(drop);
    let span = exported(&format!("http://{address}"), 1).await;
    let seen = attributes(&span);
    assert_eq!(seen["error.type"], "connection_reset");
    assert!(!seen.contains_key("http.response.status_code"));
}
