//! What to do about a refusal or a broken connection: X's error table as one match. Pure.

#[cfg(test)]
mod tests;

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use x_api::{Error, ErrorClass, Malformed, TransportKind};

/// What to do about a failed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Ask again after a back-off with jitter.
    BackOff,
    /// Ask again after this time; it concerns this request alone.
    Pause(Duration),
    /// Every rule waits this long: X counts requests by app.
    WaitAll(Duration),
    /// Every rule waits until the operator restarts the service.
    StopAll,
    /// This rule stops until the operator acts; others go on.
    StopRule,
    /// Go on by time.
    DropSinceId,
    /// Go on below the oldest post.
    DropToken,
}

/// Where X names no end of a window: one window of its documented length.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// What X's error table says.
pub fn action(error: &Error) -> Action {
    match &error.class {
        ErrorClass::RateLimited { .. } => Action::WaitAll(error.retry_after().unwrap_or(WINDOW)),
        ErrorClass::TooFast => Action::Pause(Duration::from_secs(1)),
        ErrorClass::UsageCapped { .. } => error.retry_after().map_or(Action::StopAll, Action::WaitAll),
        ErrorClass::CreditsSpent(_) => Action::StopAll,
        ErrorClass::StaleSinceId(_) => Action::DropSinceId,
        ErrorClass::RefusedToken(_) => Action::DropToken,
        ErrorClass::TooManyConnections(_)
        | ErrorClass::Server { .. }
        | ErrorClass::Transport { .. }
        | ErrorClass::Malformed(Malformed::NotJson { .. }) => Action::BackOff,
        ErrorClass::InvalidRequest(_)
        | ErrorClass::Unauthorized(_)
        | ErrorClass::Forbidden(_)
        | ErrorClass::Unexpected { .. }
        | ErrorClass::TooLarge { .. }
        | ErrorClass::Malformed(Malformed::Structure { .. }) => Action::StopRule,
    }
}

/// Whether X may have billed the request although no answer is in hand: a refusal is not billed, and a connection that
/// was never made asked for nothing.
pub fn maybe_billed(error: &Error) -> bool {
    let refused = error.received.as_ref().is_some_and(|received| !(200..300).contains(&received.status));
    match &error.class {
        ErrorClass::Transport { kind: TransportKind::Connect, .. } => false,
        ErrorClass::Transport { .. } | ErrorClass::TooLarge { .. } | ErrorClass::Malformed(_) => !refused,
        _ => false,
    }
}

/// Pauses between attempts: half a second, doubling up to a minute, each with up to as much again by chance.
pub fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(500))
        .with_max_delay(Duration::from_secs(60))
        .with_jitter()
        .without_max_times()
        .build()
}

/// The class as a word for metrics and logs.
pub fn class(error: &Error) -> &'static str {
    match &error.class {
        ErrorClass::InvalidRequest(_) => "invalid_request",
        ErrorClass::StaleSinceId(_) => "stale_since_id",
        ErrorClass::RefusedToken(_) => "refused_token",
        ErrorClass::Unauthorized(_) => "unauthorized",
        ErrorClass::Forbidden(_) => "forbidden",
        ErrorClass::CreditsSpent(_) => "credits_spent",
        ErrorClass::RateLimited { .. } => "rate_limited",
        ErrorClass::TooFast => "too_fast",
        ErrorClass::UsageCapped { .. } => "usage_capped",
        ErrorClass::TooManyConnections(_) => "too_many_connections",
        ErrorClass::Server { .. } => "server",
        ErrorClass::Unexpected { .. } => "unexpected",
        ErrorClass::Transport { .. } => "transport",
        ErrorClass::TooLarge { .. } => "too_large",
        ErrorClass::Malformed(_) => "malformed",
    }
}
