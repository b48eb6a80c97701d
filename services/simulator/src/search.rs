//! One page of a search, newest first.

use serde_json::{Value, json};

use crate::clock::UnixMs;
use crate::expand::Along;
use crate::ids::PostId;
use crate::request::{Search, Token};
use crate::store::{Hit, Store};
use crate::vocabulary::Vocabulary;

/// An answer, and what it cost.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) body: Value,
    /// Matched posts.
    pub(crate) data: Vec<PostId>,
    /// Posts that came along.
    pub(crate) included: Vec<PostId>,
    /// Users that came along.
    pub(crate) users: Vec<u64>,
}

/// Answers one request for a page.
pub(crate) fn page(store: &Store, search: &Search, vocabulary: Vocabulary, now: UnixMs) -> Answer {
    let mut hits: Vec<Hit> = store
        .newest_first(search.interval.below, now)
        .take_while(|hit| hit.id() >= search.interval.from)
        .filter(|hit| search.query.matches(&store.facts(hit)))
        .take(search.max_results + 1)
        .collect();
    let has_more = hits.len() > search.max_results;
    hits.truncate(search.max_results);

    let mut along = Along::new(store, &search.fields, vocabulary, now);
    let mut data = Vec::with_capacity(hits.len());
    for hit in &hits {
        let mut post = store.resource(hit, now);
        along.add(&post);
        search.fields.show_post(&mut post);
        vocabulary.rename_post(&mut post);
        data.push(post);
    }
    let ids: Vec<PostId> = hits.iter().map(Hit::id).collect();
    let mut body = json!({ "meta": { "result_count": ids.len() } });
    if let (Some(newest), Some(oldest)) = (ids.first(), ids.last()) {
        body["meta"]["newest_id"] = json!(newest.to_string());
        body["meta"]["oldest_id"] = json!(oldest.to_string());
        body["data"] = Value::Array(data);
        if has_more {
            body["meta"]["next_token"] = json!(Token::write(*oldest, search.walk));
        }
    }
    if let Some(includes) = along.includes() {
        body["includes"] = includes;
    }
    if !along.errors.is_empty() {
        body["errors"] = Value::Array(std::mem::take(&mut along.errors));
    }
    Answer { body, data: ids, included: along.post_ids, users: along.user_ids }
}
