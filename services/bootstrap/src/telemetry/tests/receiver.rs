//! An OTLP receiver inside the test.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::{metric::Data, number_data_point::Value as Number};
use opentelemetry_proto::tonic::trace::v1::Span as Received;
use tokio::sync::{Notify, watch};

use super::LIMIT;

/// What arrived, and a gate that holds answers back while it is closed.
pub(super) struct Receiver {
    pub(super) endpoint: String,
    pub(super) spans: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
    metrics: Arc<Mutex<Vec<ExportMetricsServiceRequest>>>,
    pub(super) gate: watch::Sender<bool>,
    arrived: Arc<Notify>,
}

impl Receiver {
    pub(super) async fn start(open: bool) -> Self {
        let (gate, seen) = watch::channel(open);
        let (spans, metrics, arrived) = (Arc::default(), Arc::default(), Arc::default());
        let routes = Router::new()
            .route("/v1/traces", keep(&spans, &arrived, seen))
            .route("/v1/metrics", keep(&metrics, &arrived, watch::channel(true).1));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { endpoint, spans, metrics, gate, arrived }
    }

    pub(super) fn spans(&self) -> Vec<Received> {
        let requests = self.spans.lock().unwrap();
        let scopes = requests.iter().flat_map(|r| &r.resource_spans).flat_map(|r| &r.scope_spans);
        scopes.flat_map(|s| s.spans.clone()).collect()
    }

    pub(super) fn span(&self, name: &str) -> Received {
        let found: Vec<_> = self.spans().into_iter().filter(|s| s.name == name).collect();
        assert_eq!(found.len(), 1, "spans named {name}");
        found[0].clone()
    }

    /// Waits until what arrived is as it should be.
    pub(super) async fn until(&self, holds: impl Fn(&Self) -> bool) {
        let wait = async {
            loop {
                let next = self.arrived.notified();
                if holds(self) {
                    return;
                }
                next.await;
            }
        };
        tokio::time::timeout(LIMIT, wait).await.unwrap();
    }

    /// The last value received of a sum, over all its attributes.
    pub(super) fn sum(&self, name: &str) -> Option<i64> {
        let requests = self.metrics.lock().unwrap();
        let scopes = requests.iter().flat_map(|r| &r.resource_metrics).flat_map(|r| &r.scope_metrics);
        let metric = scopes.flat_map(|s| &s.metrics).rfind(|m| m.name == name)?;
        let Some(Data::Sum(sum)) = &metric.data else { panic!("{name} is no sum") };
        let value = |n: &Option<Number>| match n {
            Some(Number::AsInt(value)) => *value,
            other => panic!("{name} is {other:?}"),
        };
        Some(sum.data_points.iter().map(|p| value(&p.value)).sum())
    }
}

fn keep<M: prost::Message + Default + 'static>(
    into: &Arc<Mutex<Vec<M>>>,
    arrived: &Arc<Notify>,
    gate: watch::Receiver<bool>,
) -> axum::routing::MethodRouter {
    let (into, arrived) = (Arc::clone(into), Arc::clone(arrived));
    post(move |body: Bytes| {
        let mut gate = gate.clone();
        into.lock().unwrap().push(M::decode(body).unwrap());
        arrived.notify_waiters();
        // An error means that the test is over.
        async move { drop(gate.wait_for(|open| *open).await) }
    })
}
