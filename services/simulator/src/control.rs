//! `/_sim`: what tests ask and change; X has nothing of it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Json, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http::StatusCode};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::App;
use crate::errors::{Refusal, Shape};
use crate::faults::Fault;
use crate::ids::PostId;
use crate::limits::Change;
use crate::store::{Held, Shelf};
use crate::truth::Question;

/// Chunks of the truth that wait for a slow reader.
const CHUNKS: usize = 4;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/_sim/truth", get(truth))
        .route("/_sim/served", get(served))
        .route("/_sim/bill", get(bill))
        .route("/_sim/clock", get(clock))
        .route("/_sim/faults", get(list_faults).post(add_faults).delete(clear_faults))
        .route("/_sim/posts", post(insert))
        .route("/_sim/delete", post(delete))
        .route("/_sim/halt", post(halt))
        .route("/_sim/limits", post(limits))
}

async fn truth(State(app): State<Arc<App>>, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    let question = match Question::read(&app, &pairs) {
        Ok(question) => question,
        Err(refusal) => return bad(&app, &refusal),
    };
    let (to, from) = mpsc::channel(CHUNKS);
    tokio::task::spawn_blocking(move || question.write(&app, &to));
    let chunks = stream::unfold(from, |mut from| async move {
        from.recv().await.map(|chunk| (Ok::<_, Infallible>(chunk), from))
    });
    ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(chunks)).into_response()
}

async fn served(State(app): State<Arc<App>>) -> Response {
    match app.ledger().served() {
        Ok(report) => ([(CONTENT_TYPE, "application/json")], report).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn bill(State(app): State<Arc<App>>) -> Json<Value> {
    Json(app.ledger().bill())
}

async fn clock(State(app): State<Arc<App>>) -> Json<Value> {
    let now = app.clock.now();
    let posts = app.store().count(now);
    Json(json!({ "now": now.to_string(), "start": app.clock.start().to_string(), "posts": posts }))
}

async fn list_faults(State(app): State<Arc<App>>) -> Json<Vec<Fault>> {
    Json(app.faults().waiting().to_vec())
}

async fn add_faults(State(app): State<Arc<App>>, Json(faults): Json<Vec<Fault>>) -> Json<Value> {
    let count = faults.len();
    app.faults().add(faults);
    Json(json!({ "added": count }))
}

async fn clear_faults(State(app): State<Arc<App>>) -> StatusCode {
    app.faults().clear();
    app.store_mut().set_late(None);
    StatusCode::NO_CONTENT
}

/// Posts as a test gives them, in tweet names; what is left out is filled in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Insert {
    posts: Vec<Value>,
    #[serde(default)]
    includes: Value,
    /// Search finds them only after so many milliseconds.
    #[serde(default)]
    visible_after_ms: u64,
    /// False: only other posts lead to them.
    #[serde(default = "yes")]
    searchable: bool,
}

fn yes() -> bool {
    true
}

async fn insert(State(app): State<Arc<App>>, Json(mut insert): Json<Insert>) -> Response {
    let now = app.clock.now();
    let mut shelf = Shelf::default();
    shelf.take_includes(&mut insert.includes);
    let visible_at = now.plus(Duration::from_millis(insert.visible_after_ms));
    let mut held = Vec::new();
    for mut post in insert.posts {
        complete(&mut post, app.next_inserted(now), now);
        let username = post["author_id"]
            .as_str()
            .and_then(|id| shelf.username(id).map(str::to_owned).or_else(|| app.store().username_of(id)));
        match Held::read(post, username.as_deref(), insert.searchable) {
            Some(post) => held.push(Held { visible_at, ..post }),
            None => return (StatusCode::BAD_REQUEST, "a post without a valid id").into_response(),
        }
    }
    let ids: Vec<String> = held.iter().map(|post| post.id.to_string()).collect();
    app.store_mut().take(held, shelf);
    Json(json!({ "ids": ids })).into_response()
}

fn complete(post: &mut Value, id: PostId, now: crate::clock::UnixMs) {
    let Some(post) = post.as_object_mut() else { return };
    let id = post.entry("id").or_insert_with(|| json!(id.to_string())).clone();
    post.entry("created_at").or_insert_with(|| json!(now.whole_second().to_string()));
    post.entry("conversation_id").or_insert_with(|| id.clone());
    post.entry("edit_history_tweet_ids").or_insert_with(|| json!([id]));
    post.entry("lang").or_insert_with(|| json!("pt"));
    post.entry("text").or_insert_with(|| json!("covid"));
    // The first generated account.
    post.entry("author_id").or_insert_with(|| json!(crate::generate::authors::id(0).to_string()));
}

#[derive(Debug, Deserialize)]
struct Delete {
    ids: Vec<String>,
}

async fn delete(State(app): State<Arc<App>>, Json(delete): Json<Delete>) -> Response {
    let ids: Option<Vec<PostId>> = delete.ids.iter().map(|id| PostId::parse(id)).collect();
    let Some(ids) = ids else { return (StatusCode::BAD_REQUEST, "not all are ids").into_response() };
    let count = ids.len();
    app.store_mut().delete(ids);
    Json(json!({ "deleted": count })).into_response()
}

/// Ends the live posts, so that a test or the demo has a truth that stays.
async fn halt(State(app): State<Arc<App>>) -> StatusCode {
    app.store_mut().halt(app.clock.now());
    StatusCode::NO_CONTENT
}

async fn limits(State(app): State<Arc<App>>, Json(change): Json<Change>) -> StatusCode {
    app.limits().change(change);
    StatusCode::NO_CONTENT
}

fn bad(app: &App, refusal: &Refusal) -> Response {
    let body = refusal.body(app.vocabulary, Shape::Problem);
    (refusal.status(), [(CONTENT_TYPE, body.content_type)], body.bytes).into_response()
}
