//! The span of an attempt, as an exporter sees it.

use std::collections::BTreeMap;

use opentelemetry::trace::{SpanKind, Status, TracerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use serde_json::json;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;
use wiremock::ResponseTemplate;
use x_api::SearchRequest;

use crate::support::{TOKEN, client, raw, searching};

/// Sends one attempt under a span `page` and gives back both spans.
async fn exported(base_url: &str, attempt: u32) -> BTreeMap<String, SpanData> {
    let exporter = InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let client = client(base_url);
    let request = SearchRequest::new("covid");
    let search = client.search_recent(&request, attempt).instrument(tracing::info_span!("page"));
    // Whether it succeeds is what the span has to tell.
    let _ = search.await;
    let spans = exporter.get_finished_spans().unwrap();
    spans.into_iter().map(|span| (span.name.to_string(), span)).collect()
}

fn attributes(span: &SpanData) -> BTreeMap<&str, String> {
    span.attributes.iter().map(|pair| (pair.key.as_str(), pair.value.to_string())).collect()
}

#[tokio::test]
async fn an_attempt_is_a_client_span_under_the_current_one() {
    let server =
        searching(ResponseTemplate::new(200).set_body_json(json!({"meta": {"result_count": 0}}))).await;
    let spans = exported(&server.uri(), 0).await;
    let span = &spans["GET /2/tweets/search/recent"];
    assert_eq!(span.parent_span_id, spans["page"].span_context.span_id());
    assert_eq!((&span.span_kind, &span.status), (&SpanKind::Client, &Status::Unset));
    let seen = attributes(span);
    assert_eq!(seen["http.request.method"], "GET");
    assert_eq!(seen["http.response.status_code"], "200");
    assert_eq!(seen["server.address"], "127.0.0.1");
    assert_eq!(seen["server.port"], server.address().port().to_string());
    assert_eq!(seen["network.protocol.version"], "1.1");
    assert!(seen["url.full"].starts_with(&format!("{}/2/tweets/search/recent?query=covid&", server.uri())));
    assert!(!seen.contains_key("http.request.resend_count") && !seen.contains_key("error.type"));
    assert!(!format!("{span:?}").contains(TOKEN));
}

#[tokio::test]
async fn a_repeated_attempt_that_fails_says_how() {
    let server = searching(ResponseTemplate::new(503).set_body_string(TOKEN)).await;
    let spans = exported(&server.uri(), 2).await;
    let span = &spans["GET /2/tweets/search/recent"];
    let seen = attributes(span);
    assert_eq!((seen["http.request.resend_count"].as_str(), seen["error.type"].as_str()), ("2", "503"));
    assert!(matches!(span.status, Status::Error { .. }), "{:?}", span.status);
    assert!(!format!("{span:?}").contains(TOKEN));

    let address = raw(drop);
    let spans = exported(&format!("http://{address}"), 1).await;
    let seen = attributes(&spans["GET /2/tweets/search/recent"]);
    assert_eq!(seen["error.type"], "connection_reset");
    assert!(!seen.contains_key("http.response.status_code"));
}
