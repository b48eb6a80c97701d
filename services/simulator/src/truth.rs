//! The truth: every post there is that matches, and what those refer to, as lines of JSON, without holding them.

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::app::App;
use crate::clock::UnixMs;
use crate::errors::Refusal;
use crate::fields::Fields;
use crate::ids::PostId;
use crate::query::Query;
use crate::request::{Interval, Pairs, Reading, each, interval, is_shared, query_of, unknown};
use crate::store::{Hit, LookUp, Store};

/// Posts looked at while the store is locked once.
const AT_ONCE: usize = 500;

/// A question for the truth.
pub(crate) struct Question {
    query: Query,
    interval: Interval,
    fields: Fields,
    now: UnixMs,
}

impl Question {
    /// Reads `query`, an optional interval, and the expansions whose posts count as included
    /// (`referenced_tweets.id` if none is named). Posts older than the window are part of the truth.
    pub(crate) fn read(app: &App, pairs: &Pairs) -> Result<Self, Refusal> {
        let now = app.clock.now();
        let reading = Reading { horizon: UnixMs(0), ..app.reading(now) };
        let mut fields = Fields::by_default();
        each(pairs, |name, value| match name {
            "expansions" => fields.take(app.vocabulary, name, value).unwrap_or(Ok(())),
            _ if is_shared(name) && !name.ends_with("token") => Ok(()),
            _ => Err(unknown(name, value)),
        })?;
        if fields.expansions.is_empty() {
            fields.expansions.push("referenced_tweets.id");
        }
        let query = query_of(pairs, &reading)?;
        Ok(Self { query, interval: interval(pairs, &reading)?, fields, now })
    }

    /// Writes the lines, newest first, until all are written or nobody listens.
    pub(crate) fn write(&self, app: &Arc<App>, to: &mpsc::Sender<Bytes>) {
        let mut seen = HashSet::new();
        let mut below = self.interval.below;
        loop {
            let mut lines = Vec::new();
            let store = app.store();
            let hits: Vec<Hit> = store
                .newest_first(below, self.now)
                .take_while(|hit| hit.id() >= self.interval.from)
                .take(AT_ONCE)
                .collect();
            for hit in hits.iter().filter(|hit| self.query.matches(&store.facts(hit))) {
                self.write_post(app, &store, hit, &mut seen, &mut lines);
            }
            drop(store);
            let Some(last) = hits.last() else { return };
            below = last.id();
            if !lines.is_empty() && to.blocking_send(Bytes::from(lines)).is_err() {
                return;
            }
        }
    }

    fn write_post(
        &self,
        app: &App,
        store: &Store,
        hit: &Hit,
        seen: &mut HashSet<PostId>,
        lines: &mut Vec<u8>,
    ) {
        let post = store.resource(hit, self.now);
        let mut referred = Vec::new();
        if self.fields.expansions.iter().any(|name| name.starts_with("referenced_tweets.id")) {
            let references = post["referenced_tweets"].as_array().into_iter().flatten();
            referred.extend(
                references.filter_map(|reference| reference["id"].as_str()?.parse().ok().map(PostId)),
            );
        }
        if self.fields.expands("edit_history_tweet_ids") {
            let chain = post["edit_history_tweet_ids"].as_array().into_iter().flatten();
            referred.extend(chain.filter_map(|id| id.as_str()?.parse().ok().map(PostId)));
        }
        line(app, hit.id(), "matched", post, lines);
        for id in referred {
            if let LookUp::Found(other) = store.look_up(id, self.now)
                && !self.is_matched(store, &other)
                && seen.insert(id)
            {
                line(app, id, "included", store.resource(&other, self.now), lines);
            }
        }
    }

    fn is_matched(&self, store: &Store, hit: &Hit) -> bool {
        (self.interval.from..self.interval.below).contains(&hit.id())
            && store.is_searchable(hit, self.now)
            && self.query.matches(&store.facts(hit))
    }
}

fn line(app: &App, id: PostId, kind: &str, mut post: Value, lines: &mut Vec<u8>) {
    app.vocabulary.rename_post(&mut post);
    let line = json!({ "id": id.to_string(), "kind": kind, "post": post });
    lines.extend_from_slice(line.to_string().as_bytes());
    lines.push(b'\n');
}
