//! The sink's HTTP server: OTLP comes in, JSON goes out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use serde::Deserialize;

use super::from_otlp;
use super::record::{MetricPoint, SpanRecord, TraceSummary};

/// Spans kept; the oldest make room. About 500 MB.
const KEPT: usize = 500_000;
const LONGEST_BODY: usize = 64 * 1024 * 1024;

#[derive(Default)]
struct Store {
    spans: VecDeque<SpanRecord>,
    metrics: BTreeMap<String, MetricPoint>,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Store>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Refusal = (StatusCode, String);

/// Serves until the process ends; the address is told as a line of JSON on stdout.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(listen: SocketAddr) -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("{}", serde_json::json!({ "listening": listener.local_addr()? }));
    let routes = Router::new()
        .route("/v1/traces", post(take_spans))
        .route("/v1/metrics", post(take_metrics))
        .route("/spans", get(tell_spans).delete(forget))
        .route("/traces", get(tell_traces))
        .route("/metrics", get(tell_metrics))
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .with_state(Shared::default());
    axum::serve(listener, routes).await
}

async fn take_spans(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Result<Bytes, Refusal> {
    let request: ExportTraceServiceRequest = decode(&headers, body)?;
    let mut store = shared.lock();
    store.spans.extend(from_otlp::spans(request));
    let over = store.spans.len().saturating_sub(KEPT);
    store.spans.drain(..over);
    Ok(Bytes::new())
}

async fn take_metrics(
    State(shared): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Bytes, Refusal> {
    let request: ExportMetricsServiceRequest = decode(&headers, body)?;
    let mut store = shared.lock();
    for point in from_otlp::metrics(request) {
        let key = format!("{} {} {:?}", point.name, point.service, point.attributes);
        store.metrics.insert(key, point);
    }
    Ok(Bytes::new())
}

fn decode<M: Message + Default>(headers: &HeaderMap, body: Bytes) -> Result<M, Refusal> {
    if let Some(encoding) = headers.get(header::CONTENT_ENCODING).filter(|value| *value != "identity") {
        let reason = format!("content-encoding {encoding:?} is not read here: turn compression off");
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, reason));
    }
    M::decode(body).map_err(|error| (StatusCode::BAD_REQUEST, format!("no OTLP protobuf: {error}")))
}

#[derive(Debug, Deserialize)]
struct Which {
    trace_id: Option<String>,
    name: Option<String>,
    service: Option<String>,
}

impl Which {
    fn fits(&self, trace_id: &str, name: &str, service: &str) -> bool {
        let fits =
            |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|wanted| wanted == found);
        fits(&self.trace_id, trace_id) && fits(&self.name, name) && fits(&self.service, service)
    }
}

async fn tell_spans(State(shared): State<Shared>, Query(which): Query<Which>) -> Json<Vec<SpanRecord>> {
    let store = shared.lock();
    let fitting = store.spans.iter().filter(|span| which.fits(&span.trace_id, &span.name, &span.service));
    let mut spans: Vec<SpanRecord> = fitting.cloned().collect();
    spans.sort_by_key(|span| span.start_ns);
    Json(spans)
}

async fn tell_traces(State(shared): State<Shared>) -> Json<Vec<TraceSummary>> {
    let store = shared.lock();
    let mut traces: BTreeMap<&str, (Option<&str>, usize, BTreeSet<&str>)> = BTreeMap::new();
    for span in &store.spans {
        let (root, spans, services) = traces.entry(&span.trace_id).or_default();
        if span.parent_span_id.is_none() {
            *root = Some(&span.name);
        }
        *spans += 1;
        services.insert(&span.service);
    }
    let summaries = traces.into_iter().map(|(trace_id, (root, spans, services))| TraceSummary {
        trace_id: trace_id.to_owned(),
        root: root.map(str::to_owned),
        spans,
        services: services.into_iter().map(str::to_owned).collect(),
    });
    Json(summaries.collect())
}

async fn tell_metrics(State(shared): State<Shared>, Query(which): Query<Which>) -> Json<Vec<MetricPoint>> {
    let store = shared.lock();
    let fitting = store.metrics.values().filter(|point| which.fits("", &point.name, &point.service));
    Json(fitting.cloned().collect())
}

async fn forget(State(shared): State<Shared>) {
    *shared.lock() = Store::default();
}
