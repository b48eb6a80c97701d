//! The endpoints of X: faults, token, limits, answer, books, in this order.

mod reply;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use crate::app::App;
use crate::clock::UnixMs;
use crate::counts::Counts;
use crate::errors::{Refusal, Shape};
use crate::faults::{Kind, Strikes, Target};
use crate::ledger::{PageKey, Resources};
use crate::limits::{Standing, Verdict};
use crate::request::{Pairs, Search, value};
use crate::search::{self, Answer};
use crate::store::Late;
use crate::{counts, usage};
use reply::Reply;

pub(crate) const SEARCH: &str = "/2/tweets/search/recent";
pub(crate) const COUNTS: &str = "/2/tweets/counts/recent";
pub(crate) const USAGE: &str = "/2/usage/tweets";

/// Answers any request under `/2`.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let Some(path) = [SEARCH, COUNTS, USAGE].into_iter().find(|path| *path == uri.path()) else {
        let reply = Reply::refusal(&Refusal::NoSuchPath, app.vocabulary, Shape::Problem);
        return reply.send(app.clock.now(), None);
    };
    let target = Target {
        path,
        since_id: value(&pairs, "since_id"),
        next_token: value(&pairs, "next_token").or(value(&pairs, "pagination_token")),
    };
    let strikes = app.faults().strike(target);
    tokio::time::sleep(strikes.delay()).await;
    apply(&app, &strikes);

    if strikes.of(Kind::Reset).next().is_some() {
        tracing::debug!("reset on demand");
        return Reply::reset();
    }
    let now = app.clock.now();
    if !is_authorized(&app, &headers) {
        return refused(&app, &Refusal::Unauthorized, Shape::Problem, None);
    }
    let (mut standing, verdict) = app.limits().request(path, now);
    match verdict {
        Verdict::Allowed => {}
        Verdict::WindowSpent => return refused(&app, &Refusal::Window, Shape::Problem, Some(standing)),
        Verdict::TooSoon => return refused(&app, &Refusal::Second, Shape::Problem, Some(standing)),
    }
    if let Some((refusal, fault)) = strikes.refusal(target, app.reading(now).horizon) {
        if fault.kind == Kind::RateLimitWindow {
            let reset = now.seconds() + fault.reset_seconds.unwrap_or(2);
            standing = Standing { remaining: 0, reset, ..standing };
        } else {
            // What tells the other kinds of 429 from a spent window.
            standing.remaining = standing.remaining.max(1);
        }
        return refused(&app, &refusal, fault.body, Some(standing));
    }
    let cut = strikes.of(Kind::CutBody).next().map(|fault| fault.bytes);
    let working = app.clone();
    let work = move || compute(&working, path, &pairs, now, cut.is_some());
    let computed = tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(Refusal::Server(axum::http::StatusCode::INTERNAL_SERVER_ERROR)));
    match computed {
        Err(refusal) => refused(&app, &refusal, Shape::Problem, Some(standing)),
        Ok(bytes) => {
            app.ledger().request(200);
            let reply = Reply::json(bytes);
            match cut {
                None => reply.send(now, Some(standing)),
                Some(after) => reply.send_cut(now, standing, after),
            }
        }
    }
}

fn compute(app: &App, path: &str, pairs: &Pairs, now: UnixMs, cut: bool) -> Result<Vec<u8>, Refusal> {
    let reading = app.reading(now);
    let body = match path {
        SEARCH => {
            let search = Search::read(pairs, &reading)?;
            let Answer { body, data, included, users } =
                search::page(&app.store(), &search, app.vocabulary, now);
            let resources = Resources { data: &data, included: &included, users: &users };
            app.ledger().page(page_key(pairs), &resources, now, cut);
            body
        }
        COUNTS => {
            let counts = Counts::read(pairs, &reading)?;
            let body = counts::answer(&app.store(), &counts, app.vocabulary, now);
            app.ledger().counts(now, cut);
            body
        }
        _ => usage::answer(&app.ledger(), pairs, app.vocabulary)?,
    };
    Ok(body.to_string().into_bytes())
}

/// Faults that change the posts, not the answer.
fn apply(app: &App, strikes: &Strikes) {
    for fault in strikes.of(Kind::Delete) {
        let mut store = app.store_mut();
        store.delete(fault.post_ids());
        store.delete_part(fault.per_mille(), app.seed, app.clock.now());
    }
    for fault in strikes.of(Kind::LateIndex) {
        let by = std::time::Duration::from_millis(fault.ms.unwrap_or(5_000));
        app.store_mut().set_late(Some(Late { per_mille: fault.per_mille(), by }));
    }
}

fn refused(app: &App, refusal: &Refusal, shape: Shape, standing: Option<Standing>) -> Response {
    app.ledger().request(refusal.status().as_u16());
    tracing::debug!(status = refusal.status().as_u16(), ?refusal, "refused");
    Reply::refusal(refusal, app.vocabulary, shape).send(app.clock.now(), standing)
}

fn is_authorized(app: &App, headers: &HeaderMap) -> bool {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    given
        .and_then(|value| value.strip_prefix("Bearer "))
        .is_some_and(|token| app.tokens.iter().any(|known| known == token))
}

fn page_key(pairs: &Pairs) -> PageKey {
    let given = |name| value(pairs, name).map(Into::into);
    PageKey {
        query: value(pairs, "query").unwrap_or_default().into(),
        since_id: given("since_id"),
        start_time: given("start_time"),
        until_id: given("until_id"),
        end_time: given("end_time"),
        next_token: given("next_token").or(given("pagination_token")),
    }
}
