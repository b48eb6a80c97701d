//! Moves posts in time: ids, references, conversations, edit chains and times alike; no text is touched.

use serde_json::Value;

use crate::clock::UnixMs;
use crate::ids::PostId;

/// Moves one post by `by` milliseconds.
pub(super) fn post(post: &mut Value, by: i64) {
    for field in ["id", "conversation_id"] {
        post.get_mut(field).into_iter().for_each(|id| move_id(id, by));
    }
    for path in ["/created_at", "/edit_controls/editable_until"] {
        post.pointer_mut(path).into_iter().for_each(|time| move_time(time, by));
    }
    for path in ["/edit_history_tweet_ids", "/attachments/media_source_tweet_id"] {
        for id in post.pointer_mut(path).and_then(Value::as_array_mut).into_iter().flatten() {
            move_id(id, by);
        }
    }
    for reference in post.get_mut("referenced_tweets").and_then(Value::as_array_mut).into_iter().flatten() {
        reference.get_mut("id").into_iter().for_each(|id| move_id(id, by));
    }
}

/// Moves the end of a poll.
pub(super) fn poll(poll: &mut Value, by: i64) {
    poll.get_mut("end_datetime").into_iter().for_each(|time| move_time(time, by));
}

/// Moves the error for a post that could not be shown; returns it with its new id.
pub(super) fn error(mut error: Value, by: i64) -> Option<(String, Value)> {
    let old = error["resource_id"].as_str()?.to_owned();
    if error["resource_type"] == "tweet" {
        for field in ["resource_id", "value"] {
            error.get_mut(field).into_iter().for_each(|id| move_id(id, by));
        }
        if let Some(Value::String(detail)) = error.get_mut("detail") {
            let new = PostId::parse(&old)?.shifted(by).to_string();
            *detail = detail.replace(&old, &new);
        }
    }
    Some((error["resource_id"].as_str()?.to_owned(), error))
}

fn move_id(id: &mut Value, by: i64) {
    if let Some(old) = id.as_str().and_then(PostId::parse) {
        *id = Value::String(old.shifted(by).to_string());
    }
}

fn move_time(time: &mut Value, by: i64) {
    if let Some(old) = time.as_str().and_then(UnixMs::parse) {
        *time = Value::String(UnixMs(old.0 + by).to_string());
    }
}
