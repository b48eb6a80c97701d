//! X's error table, row by row.

use time::macros::datetime;
use x_api::model::problem::Problem;
use x_api::{Endpoint, Json as _, Received};

use super::*;

fn problem() -> Box<Problem> {
    Box::new(Problem::from_json(&serde_json::json!({ "detail": "why" })).unwrap())
}

fn error(class: ErrorClass, status: u16) -> Error {
    let date = Some(datetime!(2026-11-24 12:00:00 UTC));
    let received = Received { status, date, ..Received::default() };
    Error { endpoint: Endpoint::SearchRecent, class, received: Some(Box::new(received)) }
}

fn transport(kind: TransportKind) -> ErrorClass {
    ErrorClass::Transport { kind, arrived: 0, detail: String::new() }
}

#[test]
fn each_class_is_acted_on_as_the_table_says() {
    let until = Some(datetime!(2026-11-24 12:03:00 UTC));
    let capped = |until| ErrorClass::UsageCapped { until, period: None, problem: problem() };
    let table = [
        (ErrorClass::InvalidRequest(problem()), 400, Action::StopRule),
        (ErrorClass::StaleSinceId(problem()), 400, Action::DropSinceId),
        (ErrorClass::RefusedToken(problem()), 400, Action::DropToken),
        (ErrorClass::Unauthorized(problem()), 401, Action::StopRule),
        (ErrorClass::CreditsSpent(problem()), 402, Action::StopAll),
        (ErrorClass::Forbidden(problem()), 403, Action::StopRule),
        (ErrorClass::RateLimited { until }, 429, Action::WaitAll(Duration::from_secs(180))),
        (ErrorClass::RateLimited { until: None }, 429, Action::WaitAll(WINDOW)),
        (ErrorClass::TooFast, 429, Action::Pause(Duration::from_secs(1))),
        (capped(until), 429, Action::WaitAll(Duration::from_secs(180))),
        (capped(None), 429, Action::StopAll),
        (ErrorClass::TooManyConnections(problem()), 429, Action::BackOff),
        (ErrorClass::Server { status: 503, problem: problem() }, 503, Action::BackOff),
        (transport(TransportKind::Connect), 0, Action::BackOff),
        (transport(TransportKind::CutBody), 200, Action::BackOff),
        (ErrorClass::TooLarge { limit: 1 }, 200, Action::StopRule),
    ];
    for (class, status, wanted) in table {
        let error = error(class, status);
        assert_eq!(action(&error), wanted, "{error}");
    }
}

#[test]
fn only_what_x_may_have_answered_may_have_been_billed() {
    let billed = |kind, status| maybe_billed(&error(transport(kind), status));
    assert!(billed(TransportKind::CutBody, 200), "cut in the middle of an answer");
    assert!(!billed(TransportKind::CutBody, 400), "cut in the middle of a refusal");
    assert!(!billed(TransportKind::Connect, 0));
    let class = transport(TransportKind::Timeout);
    assert!(maybe_billed(&Error { endpoint: Endpoint::SearchRecent, class, received: None }));
    assert!(!maybe_billed(&error(ErrorClass::Server { status: 500, problem: problem() }, 500)));
    assert!(maybe_billed(&error(ErrorClass::TooLarge { limit: 1 }, 200)));
}

#[test]
fn pauses_grow_and_differ() {
    let waits: Vec<Duration> = pauses().take(12).collect();
    assert!(waits[0] >= Duration::from_millis(500) && waits[0] <= Duration::from_secs(1));
    assert!(waits[11] >= Duration::from_secs(60) && waits[11] <= Duration::from_secs(120));
    let others: Vec<Duration> = pauses().take(12).collect();
    assert_ne!(waits, others, "no jitter");
}
