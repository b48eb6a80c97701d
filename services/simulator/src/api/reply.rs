//! How an answer leaves: status, headers, body; or a body that breaks off.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;

use crate::clock::UnixMs;
use crate::errors::{Refusal, Shape};
use crate::limits::Standing;
use crate::vocabulary::Vocabulary;

/// Time for the first part of a cut body to leave before the connection breaks.
const BEFORE_THE_CUT: Duration = Duration::from_millis(20);

/// An answer that is ready to leave.
pub(super) struct Reply {
    status: StatusCode,
    content_type: &'static str,
    bytes: Vec<u8>,
}

impl Reply {
    pub(super) fn json(bytes: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, content_type: "application/json; charset=utf-8", bytes }
    }

    pub(super) fn refusal(refusal: &Refusal, vocabulary: Vocabulary, shape: Shape) -> Self {
        let body = refusal.body(vocabulary, shape);
        Self { status: refusal.status(), content_type: body.content_type, bytes: body.bytes }
    }

    /// Breaks the connection before anything is sent: the server drops what it has not flushed when a body fails.
    pub(super) fn reset() -> Response {
        let broken = stream::once(async { Err::<Bytes, _>(std::io::Error::other("reset on demand")) });
        Response::new(Body::from_stream(broken))
    }

    /// Sends all of it.
    pub(super) fn send(self, now: UnixMs, standing: Option<Standing>) -> Response {
        let (status, content_type) = (self.status, self.content_type);
        response(status, content_type, Body::from(self.bytes), now, standing)
    }

    /// Promises all of it, sends `after` bytes (half of it if absent) and breaks the connection.
    pub(super) fn send_cut(self, now: UnixMs, standing: Standing, after: Option<usize>) -> Response {
        let promised = self.bytes.len();
        let mut part = self.bytes;
        part.truncate(after.unwrap_or(promised / 2).min(promised.saturating_sub(1)));
        let parts = stream::unfold(Some(Bytes::from(part)), |part| async move {
            match part {
                Some(part) if !part.is_empty() => Some((Ok(part), Some(Bytes::new()))),
                _ => {
                    tokio::time::sleep(BEFORE_THE_CUT).await;
                    Some((Err(std::io::Error::other("cut on demand")), None))
                }
            }
        });
        let mut response =
            response(self.status, self.content_type, Body::from_stream(parts), now, Some(standing));
        response.headers_mut().insert(CONTENT_LENGTH, promised.into());
        response
    }
}

fn response(
    status: StatusCode,
    content_type: &'static str,
    body: Body,
    now: UnixMs,
    standing: Option<Standing>,
) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.extend(HeaderValue::from_str(&now.http_date()).ok().map(|date| (DATE, date)));
    if let Some(Standing { limit, remaining, reset }) = standing {
        headers.insert("x-rate-limit-limit", limit.into());
        headers.insert("x-rate-limit-remaining", remaining.into());
        headers.insert("x-rate-limit-reset", reset.into());
    }
    response
}
