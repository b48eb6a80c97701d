//! Names the choices where a setting holds none of them: the `config` crate does not, serde_json does.

use ::config::{ConfigError, Value, ValueKind};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// Key and reason, if the error is about a choice and serde_json gets as far as that as well.
pub(super) fn refusal<T: DeserializeOwned>(error: &ConfigError, root: &Value) -> Option<(String, String)> {
    let ConfigError::At { error, key: Some(key), .. } = error else { return None };
    if !error.to_string().contains("does not have variant constructor") {
        return None;
    }
    let reason = serde_json::from_value::<T>(json(root)).err()?.to_string();
    reason.starts_with("unknown variant").then(|| (super::error::dotted(key), reason))
}

fn json(value: &Value) -> Json {
    match &value.kind {
        ValueKind::Nil => Json::Null,
        ValueKind::Boolean(flag) => Json::from(*flag),
        ValueKind::I64(number) => Json::from(*number),
        ValueKind::U64(number) => Json::from(*number),
        ValueKind::Float(number) => Json::from(*number),
        // Environment variables are all texts; what reads as a number is probably meant as one.
        ValueKind::String(text) => match text.parse::<Json>() {
            Ok(scalar @ (Json::Number(_) | Json::Bool(_))) => scalar,
            _ => Json::from(text.as_str()),
        },
        ValueKind::Table(table) => table.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        ValueKind::Array(items) => items.iter().map(json).collect(),
        ValueKind::I128(_) | ValueKind::U128(_) => Json::from(value.to_string()),
    }
}
