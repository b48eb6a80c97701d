//! The facts of an answer that are not in its body.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::rate_limit::RateLimit;

/// The facts of an answer that are not in its body. When it was received by the local clock is the caller's to know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// HTTP status; 0 only for a body that came from no server (an archive).
    pub status: u16,
    /// X's clock (`Date`), whole seconds.
    pub date: Option<OffsetDateTime>,
    /// The rate limit after this request.
    pub rate_limit: RateLimit,
    /// What X logs the request under (`x-transaction-id`, else `x-request-id`).
    pub request_id: Option<String>,
    /// How long to wait (`Retry-After`, in seconds or as a date).
    pub retry_after: Option<Duration>,
    /// Bytes of the body after decompression.
    pub body_bytes: u64,
}

impl Received {
    pub(crate) fn from_headers(status: u16, headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let date = text(DATE.as_str()).and_then(http_date);
        Self {
            status,
            date,
            rate_limit: RateLimit::from_headers(headers),
            request_id: text("x-transaction-id").or_else(|| text("x-request-id")).map(str::to_owned),
            retry_after: text(RETRY_AFTER.as_str()).and_then(|value| retry_after(value, date)),
            body_bytes: 0,
        }
    }
}

/// IMF-fixdate, the one form RFC 9110 (section 5.6.7) lets servers send.
fn http_date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text.trim(), &Rfc2822).ok()
}

fn retry_after(text: &str, date: Option<OffsetDateTime>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    Duration::try_from(http_date(text)? - date?).ok()
}
