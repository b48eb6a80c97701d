//! How many posts the project has read, free of charge.

use serde_json::{Map, Value, json};

use crate::errors::Refusal;
use crate::fields::select;
use crate::ledger::Ledger;
use crate::request::{Pairs, each, unknown, value};
use crate::vocabulary::{Name, Vocabulary};

/// Posts a month that X lets a project read.
const CAP: u64 = 3_000_000;
const PROJECT: u32 = 1_700_000_001;
const FIELDS: &[&str] = &[
    "cap_reset_day",
    "daily_client_app_usage",
    "daily_project_usage",
    "project_cap",
    "project_id",
    "project_usage",
];
const BY_DEFAULT: &[&str] = &["cap_reset_day", "project_cap", "project_id", "project_usage"];

/// Answers a request for the usage of the last days.
pub(crate) fn answer(ledger: &Ledger, pairs: &Pairs, vocabulary: Vocabulary) -> Result<Value, Refusal> {
    let known: Vec<Name> = FIELDS.iter().map(|name| (*name, *name)).collect();
    each(pairs, |name, value| match name {
        "days" if value.parse::<u8>().is_ok_and(|days| (1..=90).contains(&days)) => Ok(()),
        "days" => {
            let message = format!("The `days` query parameter value [{value}] is not between 1 and 90");
            Err(Refusal::invalid(name, value, message))
        }
        "usage.fields" => select(name, value, &known).map(|_| ()),
        _ => Err(unknown(name, value)),
    })?;
    let days = value(pairs, "days").and_then(|days| days.parse().ok()).unwrap_or(7_usize);
    // Numbers here, strings there.
    let number = |n: u64| match vocabulary {
        Vocabulary::Tweet => json!(n),
        Vocabulary::Post => json!(n.to_string()),
    };
    let by_day: Vec<Value> = (ledger.posts_by_day().into_iter().rev().take(days).rev())
        .map(|(day, posts)| json!({ "date": format!("{day}T00:00:00.000Z"), "usage": number(posts) }))
        .collect();
    let project = match vocabulary {
        Vocabulary::Tweet => json!(PROJECT),
        Vocabulary::Post => json!(PROJECT.to_string()),
    };
    let mut all = json!({
        "cap_reset_day": 1,
        "project_cap": number(CAP),
        "project_id": PROJECT.to_string(),
        "project_usage": number(ledger.posts_by_day().iter().map(|(_, posts)| posts).sum()),
        "daily_project_usage": { "project_id": project },
    });
    if !by_day.is_empty() {
        all["daily_project_usage"]["usage"] = json!(by_day);
        all["daily_client_app_usage"] =
            json!([{ "client_app_id": "1", "usage": by_day, "usage_result_count": by_day.len() }]);
    }
    let wanted: Vec<&str> =
        value(pairs, "usage.fields").map_or(BY_DEFAULT.to_vec(), |v| v.split(',').collect());
    let data: Map<String, Value> = match all {
        Value::Object(all) => all.into_iter().filter(|(name, _)| wanted.contains(&name.as_str())).collect(),
        _ => Map::new(),
    };
    Ok(json!({ "data": data }))
}
