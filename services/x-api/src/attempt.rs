//! One HTTP exchange and its span.
//!
//! Attributes follow OpenTelemetry's semantic conventions for HTTP clients (stable since 1.23).

use reqwest::StatusCode;
use serde_json::Value;
use tracing::{Instrument, Span, field};
use url::Url;

use crate::body::{self, Body, Incomplete};
use crate::classify::{Asked, classify};
use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorClass, TransportKind};
use crate::json::Json;
use crate::model::problem::Problem;
use crate::received::Received;
use crate::transport;

/// What is sent once.
pub(crate) struct Attempt {
    pub(crate) endpoint: Endpoint,
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) asked: Asked,
    /// 0 for the first time.
    pub(crate) number: u32,
}

impl Attempt {
    /// Sends the request and reads its answer as far as `read` does, in a span under the current one.
    pub(crate) async fn run<T>(
        self,
        client: &Client,
        read: impl FnOnce(&Value, Received) -> Result<T, ErrorClass>,
    ) -> Result<T, Error> {
        let url = client.url(self.endpoint, &self.parameters);
        let span = span(&self, &url);
        let exchange = async {
            let mut received = None;
            let result = match exchange(client, url, self.asked, &mut received).await {
                Ok((value, facts)) => read(&value, facts),
                Err(class) => Err(class),
            };
            result.map_err(|class| {
                record_error(&class, received.as_deref());
                Error { endpoint: self.endpoint, class, received }
            })
        };
        exchange.instrument(span).await
    }
}

fn span(attempt: &Attempt, url: &Url) -> Span {
    let span = tracing::info_span!(
        "http attempt",
        otel.name = attempt.endpoint.span_name(),
        otel.kind = "client",
        otel.status_code = field::Empty,
        http.request.method = "GET",
        http.request.resend_count = field::Empty,
        http.response.status_code = field::Empty,
        url.full = url.as_str(),
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        network.protocol.version = field::Empty,
        "error.type" = field::Empty,
    );
    if attempt.number > 0 {
        span.record("http.request.resend_count", attempt.number);
    }
    span
}

async fn exchange(
    client: &Client,
    url: Url,
    asked: Asked,
    facts: &mut Option<Box<Received>>,
) -> Result<(Value, Received), ErrorClass> {
    let token = client.token();
    let response =
        client.http().get(url).send().await.map_err(|error| transport::unanswered(error, token))?;
    let status = response.status();
    record_answer(&response);
    let mut received = Received::from_headers(status.as_u16(), response.headers());
    let body = body::read(response, client.body_limit()).await;
    received.body_bytes = body.bytes.len() as u64;
    *facts = Some(Box::new(received.clone()));
    if status.is_success() {
        success(client, body, received)
    } else {
        Err(refusal(client, body, &received, asked))
    }
}

fn success(client: &Client, body: Body, received: Received) -> Result<(Value, Received), ErrorClass> {
    let arrived = received.body_bytes;
    match body.incomplete {
        Some(Incomplete::Broken(error)) => return Err(transport::cut(error, arrived, client.token())),
        Some(Incomplete::TooLarge) => return Err(ErrorClass::TooLarge { limit: client.body_limit() }),
        None => {}
    }
    match serde_json::from_slice(&body.bytes) {
        Ok(value) => Ok((value, received)),
        // A body that ends where its connection does can be cut without anyone noticing but the parser.
        Err(error) if error.is_eof() => {
            let detail = format!("the JSON ends early: {error}");
            Err(ErrorClass::Transport { kind: TransportKind::CutBody, arrived, detail })
        }
        Err(error) => {
            let text = client.token().redact(&String::from_utf8_lossy(&body.bytes));
            Err(body::not_json(text.as_bytes(), &error).into())
        }
    }
}

fn refusal(client: &Client, body: Body, received: &Received, asked: Asked) -> ErrorClass {
    // Of these the headers say enough. Any other refusal stops something, so its reason has to be read whole.
    let by_headers = received.status == StatusCode::TOO_MANY_REQUESTS || received.status >= 500;
    match body.incomplete {
        Some(Incomplete::Broken(error)) if !by_headers => {
            transport::cut(error, received.body_bytes, client.token())
        }
        _ => classify(received, problem(client, &body.bytes), asked),
    }
}

/// What X said, in either shape; of anything else the beginning, as detail.
fn problem(client: &Client, bytes: &[u8]) -> Problem {
    let text = client.token().redact(&String::from_utf8_lossy(bytes));
    let read = serde_json::from_str::<Value>(&text).ok().and_then(|value| Problem::from_json(&value).ok());
    read.unwrap_or_else(|| Problem {
        detail: Some(body::start(text.as_bytes(), 200)).filter(|detail| !detail.is_empty()),
        ..Problem::default()
    })
}

fn record_answer(response: &reqwest::Response) {
    let span = Span::current();
    span.record("http.response.status_code", response.status().as_u16());
    let version = match response.version() {
        reqwest::Version::HTTP_2 => "2",
        reqwest::Version::HTTP_10 => "1.0",
        _ => "1.1",
    };
    span.record("network.protocol.version", version);
}

/// `error.type` is the status of a refusal, else a low-cardinality word.
fn record_error(class: &ErrorClass, received: Option<&Received>) {
    let span = Span::current();
    span.record("otel.status_code", "ERROR");
    let word = match class {
        ErrorClass::Transport { kind: TransportKind::Connect, .. } => "connect",
        ErrorClass::Transport { kind: TransportKind::Timeout, .. } => "timeout",
        ErrorClass::Transport { kind: TransportKind::Reset, .. } => "connection_reset",
        ErrorClass::Transport { kind: TransportKind::CutBody, .. } => "cut_body",
        ErrorClass::TooLarge { .. } => "body_too_large",
        ErrorClass::Malformed(_) => "malformed",
        _ => {
            let status = received.map_or(0, |received| received.status);
            span.record("error.type", status.to_string());
            return;
        }
    };
    span.record("error.type", word);
}
