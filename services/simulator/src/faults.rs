//! Faults on demand: each waits for so many requests, then strikes so many times.

use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::errors::{Refusal, Shape};
use crate::ids::PostId;

/// One fault, as `POST /_sim/faults` takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What happens.
    pub kind: Kind,
    /// How often it strikes.
    #[serde(default = "once")]
    pub times: u32,
    /// How many requests it lets pass first.
    #[serde(default)]
    pub after: u32,
    /// The only path it strikes, such as `/2/tweets/search/recent`.
    #[serde(default)]
    pub path: Option<String>,
    /// The shape of an error's body.
    #[serde(default)]
    pub body: Shape,
    /// `server_error`: 500, 502, 503, 504; 503 if absent.
    #[serde(default)]
    pub status: Option<u16>,
    /// `slow`: milliseconds before the answer. `late_index`: milliseconds from creation to discovery.
    #[serde(default)]
    pub ms: Option<u64>,
    /// `cut_body`: bytes of the body that are sent before the connection breaks; half of it if absent.
    #[serde(default)]
    pub bytes: Option<usize>,
    /// `rate_limit_window`: seconds until the window opens again; 2 if absent.
    #[serde(default)]
    pub reset_seconds: Option<i64>,
    /// `delete`: the posts to delete.
    #[serde(default)]
    pub ids: Vec<String>,
    /// `delete`, `late_index`: the part of all posts, from 0 to 1.
    #[serde(default)]
    pub fraction: Option<f64>,
}

fn once() -> u32 {
    1
}

/// What a fault does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 429, nothing remains of the window.
    RateLimitWindow,
    /// 429, one request a second.
    RateLimitSecond,
    /// 429, the month's posts are spent.
    UsageCapped,
    /// 429, a stream is still open.
    TooManyConnections,
    /// 401
    Unauthorized,
    /// 402
    Credits,
    /// 403
    Forbidden,
    /// 400, the query is called bad.
    BadRequest,
    /// 400, `since_id` is called too old; strikes requests with one.
    StaleSinceId,
    /// 400, `next_token` is called invalid; strikes requests with one.
    BadToken,
    /// 5xx
    ServerError,
    /// The answer comes late.
    Slow,
    /// The connection breaks in the middle of the body.
    CutBody,
    /// The connection breaks before a byte of the answer; nothing is computed or billed.
    Reset,
    /// From now on a part of the generated posts is found late.
    LateIndex,
    /// Posts vanish before the answer is made.
    Delete,
}

/// What a request may be struck for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) path: &'a str,
    pub(crate) since_id: Option<&'a str>,
    pub(crate) next_token: Option<&'a str>,
}

/// All that strikes one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strikes(Vec<Fault>);

/// The faults that wait.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, faults: Vec<Fault>) {
        self.waiting.extend(faults);
    }

    pub(crate) fn waiting(&self) -> &[Fault] {
        &self.waiting
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Takes what strikes this request: of the faults that replace the answer only the first.
    pub(crate) fn strike(&mut self, target: Target<'_>) -> Strikes {
        let mut strikes = Strikes::default();
        let mut is_answered = false;
        for fault in self.waiting.iter_mut().filter(|fault| fault.aims_at(target)) {
            if fault.after > 0 {
                fault.after -= 1;
            } else if !(is_answered && fault.replaces()) {
                fault.times = fault.times.saturating_sub(1);
                is_answered |= fault.replaces();
                strikes.0.push(fault.clone());
            }
        }
        self.waiting.retain(|fault| fault.times > 0);
        strikes
    }
}

impl Strikes {
    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &Fault> {
        self.0.iter().filter(move |fault| fault.kind == kind)
    }

    /// How long the answer is held back.
    pub(crate) fn delay(&self) -> Duration {
        self.of(Kind::Slow).map(|fault| Duration::from_millis(fault.ms.unwrap_or(1_000))).sum()
    }

    /// The error that stands in for the answer.
    pub(crate) fn refusal(
        &self,
        target: Target<'_>,
        horizon: crate::clock::UnixMs,
    ) -> Option<(Refusal, &Fault)> {
        let fault = self.0.iter().find(|fault| fault.replaces())?;
        let refusal = match fault.kind {
            Kind::RateLimitWindow => Refusal::Window,
            Kind::RateLimitSecond => Refusal::Second,
            Kind::UsageCapped => Refusal::UsageCapped,
            Kind::TooManyConnections => Refusal::TooManyConnections,
            Kind::Unauthorized => Refusal::Unauthorized,
            Kind::Credits => Refusal::Credits,
            Kind::Forbidden => Refusal::Forbidden,
            Kind::StaleSinceId => crate::request::stale(target.since_id.unwrap_or_default(), horizon),
            Kind::BadToken => crate::request::bad_token(target.next_token.unwrap_or_default()),
            Kind::ServerError => {
                let status = fault.status.and_then(|status| StatusCode::from_u16(status).ok());
                Refusal::Server(status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE))
            }
            _ => Refusal::invalid(
                "query",
                "",
                "There were errors processing your request: a fault was asked for",
            ),
        };
        Some((refusal, fault))
    }
}

impl Fault {
    fn replaces(&self) -> bool {
        !matches!(self.kind, Kind::Slow | Kind::CutBody | Kind::Reset | Kind::LateIndex | Kind::Delete)
    }

    fn aims_at(&self, target: Target<'_>) -> bool {
        let applies = match self.kind {
            Kind::StaleSinceId => target.since_id.is_some(),
            Kind::BadToken => target.next_token.is_some(),
            _ => true,
        };
        applies && self.path.as_deref().is_none_or(|path| path == target.path)
    }

    /// The posts a `delete` names.
    pub(crate) fn post_ids(&self) -> impl Iterator<Item = PostId> {
        self.ids.iter().filter_map(|id| PostId::parse(id))
    }

    /// The part of posts in thousandths.
    pub(crate) fn per_mille(&self) -> u64 {
        let per_mille = (self.fraction.unwrap_or(0.0).clamp(0.0, 1.0) * 1000.0).round();
        (0..=1000_u16).find(|n| f64::from(*n) >= per_mille).unwrap_or(0).into()
    }
}
