//! What the headers of an answer say of the rate limit: these count, not the documented ones.

use reqwest::header::HeaderMap;
use time::OffsetDateTime;

/// The window an answer was counted in. A header that is missing or makes no sense is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateLimit {
    /// Requests a window (`x-rate-limit-limit`).
    pub limit: Option<u32>,
    /// Requests left in this window (`x-rate-limit-remaining`).
    pub remaining: Option<u32>,
    /// When the window ends, by X's clock (`x-rate-limit-reset`, Unix seconds).
    pub reset: Option<OffsetDateTime>,
}

impl RateLimit {
    pub(crate) fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            limit: number(headers, "x-rate-limit-limit"),
            remaining: number(headers, "x-rate-limit-remaining"),
            reset: number(headers, "x-rate-limit-reset").and_then(|seconds: u32| {
                // A u32 of seconds reaches 2106: milliseconds sent by mistake do not fit, and count as missing.
                OffsetDateTime::from_unix_timestamp(i64::from(seconds)).ok()
            }),
        }
    }
}

fn number<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}
