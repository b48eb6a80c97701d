//! JSON of what is kept and not queried.

use contract::Tweet;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Refusal;
use crate::enrich::Relations;

/// What a post carries beyond the columns of `tweets` and its child tables; `None` where there is nothing.
pub(super) fn details(tweet: &Tweet, relations: &Relations) -> Result<Option<String>, Refusal> {
    let mut map = Map::new();
    let note = tweet.note.as_ref();
    let noted = note.and_then(|note| note.entities.as_ref());
    if let Some(found) = noted.or(tweet.entities.as_ref()) {
        put(&mut map, "cashtags", &found.cashtags)?;
        put(&mut map, "annotations", &found.annotations)?;
        put_extra(&mut map, "entities_extra", found.extra.as_deref())?;
    }
    if noted.is_some()
        && let Some(short) = compact("short_entities", &tweet.entities)?
    {
        map.insert("short_entities".to_owned(), short);
    }
    put_extra(&mut map, "note_extra", note.and_then(|note| note.extra.as_deref()))?;
    put(&mut map, "context_annotations", &tweet.context_annotations)?;
    put(&mut map, "media_keys", &tweet.media_keys)?;
    put(&mut map, "poll_ids", &tweet.poll_ids)?;
    if tweet.edit_history.len() > 1 {
        put(&mut map, "edit_history", &tweet.edit_history)?;
    }
    let controls = tweet.edit_controls.as_ref();
    put_extra(&mut map, "edit_controls_extra", controls.and_then(|controls| controls.extra.as_deref()))?;
    if relations.unusual {
        put(&mut map, "references", &tweet.references)?;
    }
    Ok((!map.is_empty()).then(|| Value::Object(map).to_string()))
}

fn put<T: Serialize>(map: &mut Map<String, Value>, key: &'static str, list: &[T]) -> Result<(), Refusal> {
    // Most lists of most posts are empty, and this runs for every post.
    if !list.is_empty()
        && let Some(value) = compact(key, &list)?
    {
        map.insert(key.to_owned(), value);
    }
    Ok(())
}

fn put_extra(map: &mut Map<String, Value>, key: &'static str, extra: Option<&str>) -> Result<(), Refusal> {
    if let Some(text) = extra {
        map.insert(key.to_owned(), parse(key, text)?);
    }
    Ok(())
}

/// As JSON without what is absent or empty; `extra` texts become objects. `None` where nothing is left.
pub(super) fn compact<T: Serialize>(field: &'static str, value: &T) -> Result<Option<Value>, Refusal> {
    let value = serde_json::to_value(value).map_err(|e| Refusal::Json { field, reason: e.to_string() })?;
    Ok(squeeze(field, value)?.filter(|value| !is_empty(value)))
}

/// The same as text.
pub(super) fn compact_text<T: Serialize>(field: &'static str, value: &T) -> Result<Option<String>, Refusal> {
    Ok(compact(field, value)?.map(|value| value.to_string()))
}

fn parse(field: &'static str, text: &str) -> Result<Value, Refusal> {
    serde_json::from_str(text).map_err(|e| Refusal::Json { field, reason: e.to_string() })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn squeeze(field: &'static str, value: Value) -> Result<Option<Value>, Refusal> {
    Ok(match value {
        Value::Null => None,
        Value::Array(items) => {
            let items: Result<Vec<Value>, Refusal> = items
                .into_iter()
                // An element keeps its place, empty or not.
                .map(|item| Ok(squeeze(field, item)?.unwrap_or(Value::Object(Map::new()))))
                .collect();
            Some(Value::Array(items?))
        }
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (key, value) in fields {
                let value = match value {
                    Value::String(text) if key == "extra" => Some(parse(field, &text)?),
                    other => squeeze(field, other)?.filter(|value| !is_empty(value)),
                };
                if let Some(value) = value {
                    kept.insert(key, value);
                }
            }
            Some(Value::Object(kept))
        }
        plain => Some(plain),
    })
}
