//! Everything that can go wrong with a request, each class with its facts.

use std::time::Duration;

use time::OffsetDateTime;

use crate::endpoint::Endpoint;
use crate::json::Reason;
use crate::model::problem::Problem;
use crate::received::Received;

/// A request that brought nothing usable.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("GET {}: {class}", endpoint.path())]
pub struct Error {
    /// What was asked.
    pub endpoint: Endpoint,
    /// What went wrong.
    pub class: ErrorClass,
    /// Status, clock and rate limit, if an answer began.
    pub received: Option<Box<Received>>,
}

/// The classes of failure. Names and actions follow X's documentation of status codes.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ErrorClass {
    /// 400: the query or a parameter is wrong. Stop the rule and show the detail.
    #[error("X refuses the request: {}", said(.0))]
    InvalidRequest(Box<Problem>),
    /// 400 about `since_id`: it is older than 7 days. Go on by `start_time`.
    #[error("X refuses since_id as too old: {}", said(.0))]
    StaleSinceId(Box<Problem>),
    /// 400 about `next_token`. Go on by `until_id` = the oldest post so far.
    #[error("X refuses next_token: {}", said(.0))]
    RefusedToken(Box<Problem>),
    /// 401: the token is wrong or was revoked.
    #[error("X refuses the token: {}", said(.0))]
    Unauthorized(Box<Problem>),
    /// 403: the token has no access to this endpoint.
    #[error("X denies access: {}", said(.0))]
    Forbidden(Box<Problem>),
    /// 402: the credits are spent. Pause until the operator acts.
    #[error("the credits at X are spent: {}", said(.0))]
    CreditsSpent(Box<Problem>),
    /// 429: the window's requests are used up.
    #[error("rate limit reached{}", until_text(*until))]
    RateLimited {
        /// When the window ends, by X's clock, if it said so.
        until: Option<OffsetDateTime>,
    },
    /// 429 with requests left in the window: more than one a second.
    #[error("more than one request a second")]
    TooFast,
    /// 429: the month's posts are used up.
    #[error("the usage cap is reached{}: {}", until_text(*until), said(problem))]
    UsageCapped {
        /// When the period ends, by X's clock, if it said so.
        until: Option<OffsetDateTime>,
        /// `Monthly` or `Daily`, if given.
        period: Option<String>,
        /// What X said.
        problem: Box<Problem>,
    },
    /// 429: a stream of this app is still open.
    #[error("too many connections: {}", said(.0))]
    TooManyConnections(Box<Problem>),
    /// 5xx.
    #[error("X answers {status}: {}", said(problem))]
    Server {
        /// HTTP status.
        status: u16,
        /// What X said, if anything.
        problem: Box<Problem>,
    },
    /// Any other status that is no success: a redirect (never followed: it would carry the token), 404, 410…
    #[error("unexpected status {status}: {}", said(problem))]
    Unexpected {
        /// HTTP status.
        status: u16,
        /// What X said, if anything.
        problem: Box<Problem>,
    },
    /// The connection failed.
    #[error("{kind} ({arrived} bytes of the body arrived): {detail}")]
    Transport {
        /// How it failed.
        kind: TransportKind,
        /// Bytes of the body that did arrive, after decompression. X may have billed the answer.
        arrived: u64,
        /// The causes, without URL or token.
        detail: String,
    },
    /// A success whose body is larger than the client reads.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes after decompression.
        limit: u64,
    },
    /// A success whose body is not what X documents.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// How a connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TransportKind {
    /// No connection: name resolution, refused, TLS.
    #[error("cannot connect")]
    Connect,
    /// No whole answer in time.
    #[error("timed out")]
    Timeout,
    /// Closed or reset before the headers of an answer.
    #[error("connection lost before an answer")]
    Reset,
    /// Closed, reset or undecodable in the middle of a body.
    #[error("connection lost in the middle of an answer")]
    CutBody,
}

/// A body that is not what X documents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not JSON: a proxy's page, perhaps.
    #[error("the answer is no JSON: {reason} (it begins {start:?})")]
    NotJson {
        /// What the parser says, with line and column.
        reason: String,
        /// The first 80 characters.
        start: String,
    },
    /// JSON of another structure.
    #[error("the answer's {at} is {reason}")]
    Structure {
        /// The member.
        at: &'static str,
        /// What is wrong with it.
        reason: Reason,
    },
}

impl Malformed {
    pub(crate) fn structure(at: &'static str, reason: Reason) -> Self {
        Self::Structure { at, reason }
    }
}

impl Error {
    /// Whether the same request may succeed later without anyone's doing. A wait belongs before it:
    /// [`Error::retry_after`], else a back-off with jitter.
    pub fn is_retriable(&self) -> bool {
        match &self.class {
            ErrorClass::RateLimited { .. }
            | ErrorClass::TooFast
            | ErrorClass::TooManyConnections(_)
            | ErrorClass::Server { .. }
            | ErrorClass::Transport { .. }
            | ErrorClass::Malformed(Malformed::NotJson { .. }) => true,
            ErrorClass::InvalidRequest(_)
            | ErrorClass::StaleSinceId(_)
            | ErrorClass::RefusedToken(_)
            | ErrorClass::Unauthorized(_)
            | ErrorClass::Forbidden(_)
            | ErrorClass::CreditsSpent(_)
            | ErrorClass::UsageCapped { .. }
            | ErrorClass::Unexpected { .. }
            | ErrorClass::TooLarge { .. }
            | ErrorClass::Malformed(Malformed::Structure { .. }) => false,
        }
    }

    /// When to ask again, by X's clock, if X said so.
    pub fn retry_at(&self) -> Option<OffsetDateTime> {
        match &self.class {
            ErrorClass::RateLimited { until } | ErrorClass::UsageCapped { until, .. } => *until,
            _ => None,
        }
    }

    /// How long to wait before asking again, if that is known: until [`Error::retry_at`] counted from the
    /// answer's own `Date`, so that the local clock plays no part; a second for [`ErrorClass::TooFast`]; else
    /// `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        if self.class == ErrorClass::TooFast {
            return Some(Duration::from_secs(1));
        }
        let received = self.received.as_ref()?;
        match (self.retry_at(), received.date) {
            (Some(at), Some(date)) => Some(Duration::try_from(at - date).unwrap_or_default()),
            _ => received.retry_after,
        }
    }
}

/// The most precise text of a problem.
fn said(problem: &Problem) -> &str {
    problem.texts().next().unwrap_or("(no detail)")
}

fn until_text(until: Option<OffsetDateTime>) -> String {
    until.map_or_else(String::new, |until| format!(" until {until}"))
}
