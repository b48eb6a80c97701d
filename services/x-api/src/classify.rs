//! From status, headers and body of a refusal to its class. Pure.

use std::collections::BTreeSet;

use crate::error::ErrorClass;
use crate::model::problem::Problem;
use crate::received::Received;

/// The parameters of the request that X can refuse for reasons of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Asked {
    pub(crate) since_id: bool,
    pub(crate) next_token: bool,
}

/// The class of a refusal.
pub(crate) fn classify(received: &Received, problem: Problem, asked: Asked) -> ErrorClass {
    let problem = Box::new(problem);
    let status = received.status;
    match (status, problem.suffix()) {
        // X has sent these under more than one 4xx status: the type says more than the number.
        (400..=499, Some("usage-capped")) => usage_capped(received, problem),
        (400..=499, Some("credits")) => ErrorClass::CreditsSpent(problem),
        (400, _) => invalid_request(problem, asked),
        (401, _) => ErrorClass::Unauthorized(problem),
        (402, _) => ErrorClass::CreditsSpent(problem),
        (403, _) => ErrorClass::Forbidden(problem),
        (429, _) => too_many(received, problem),
        (500..=599, _) => ErrorClass::Server { status, problem },
        _ => ErrorClass::Unexpected { status, problem },
    }
}

fn invalid_request(problem: Box<Problem>, asked: Asked) -> ErrorClass {
    // An interval that ends before it begins names both ids: that is no old cursor.
    let stale = asked.since_id && is_about(&problem, &["since_id"]) && !is_about(&problem, &["until_id"]);
    let token = asked.next_token && is_about(&problem, &["next_token", "pagination_token"]);
    match (stale, token) {
        (true, false) => ErrorClass::StaleSinceId(problem),
        (false, true) => ErrorClass::RefusedToken(problem),
        _ => ErrorClass::InvalidRequest(problem),
    }
}

/// The parameters X names; where it names none, or all that were sent, its sentence decides.
fn is_about(problem: &Problem, names: &[&str]) -> bool {
    let named: BTreeSet<&str> = problem.parameters().collect();
    let in_list = names.iter().any(|name| named.contains(*name));
    let in_text = || problem.texts().any(|text| names.iter().any(|name| text.contains(name)));
    match named.len() {
        1 => in_list,
        _ => in_text(),
    }
}

fn too_many(received: &Received, problem: Box<Problem>) -> ErrorClass {
    let says = |word: &str| {
        problem.title.as_deref() == Some(word)
            || problem.connection_issue.as_deref() == Some(word)
            || problem.texts().any(|text| text.contains(word))
    };
    if says("UsageCapExceeded") {
        return usage_capped(received, problem);
    }
    if says("TooManyConnections") {
        return ErrorClass::TooManyConnections(problem);
    }
    match received.rate_limit.remaining {
        Some(left) if left > 0 => ErrorClass::TooFast,
        // Without the header nothing proves that requests are left: the longer wait is the safe reading.
        _ => ErrorClass::RateLimited { until: received.rate_limit.reset.or_else(|| wait_ends(received)) },
    }
}

fn usage_capped(received: &Received, problem: Box<Problem>) -> ErrorClass {
    // The reset header is about requests, not about the month: only Retry-After can say when it ends.
    ErrorClass::UsageCapped { until: wait_ends(received), period: problem.period.clone(), problem }
}

fn wait_ends(received: &Received) -> Option<time::OffsetDateTime> {
    let wait = time::Duration::try_from(received.retry_after?).ok()?;
    received.date?.checked_add(wait)
}
