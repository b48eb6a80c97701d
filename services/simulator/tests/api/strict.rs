//! A strict copy of each OpenAPI spec: what it does not name is refused, what was asked for is required.
//!
//! As published the specs accept nearly anything: no field of a post is required and any other may stand beside.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// One of the two specs, reduced to what the simulator serves.
pub(crate) struct Spec {
    whole: Value,
    posts: &'static str,
}

/// Fields that generated posts and users always have, where they are asked for.
pub(crate) struct Required {
    pub(crate) post: &'static [&'static str],
    pub(crate) user: &'static [&'static str],
}

pub(crate) fn tweet_names() -> Spec {
    read(include_str!("../data/openapi-2.159-tweet-names.json"), "Tweet")
}

pub(crate) fn post_names() -> Spec {
    read(include_str!("../data/openapi-2.167-post-names.json"), "Post")
}

fn read(text: &str, posts: &'static str) -> Spec {
    Spec { whole: serde_json::from_str(text).unwrap(), posts }
}

impl Spec {
    pub(crate) fn version(&self) -> &str {
        self.whole["version"].as_str().unwrap()
    }

    /// The validator of one kind of answer: `search`, `counts`, `usage`, `error`, `problem`.
    pub(crate) fn validator(&self, answer: &str, required: &Required) -> Validator {
        let root = self.whole["answers"][answer].as_str().unwrap();
        let schema = self.strict(self.schema(root), root, required);
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    }

    fn schema(&self, name: &str) -> &Value {
        let schema = &self.whole["components"]["schemas"][name];
        assert!(schema.is_object(), "the spec has no {name}");
        schema
    }

    fn strict(&self, schema: &Value, name: &str, required: &Required) -> Value {
        let (merged, name) = self.merge(schema, name);
        let strict = |value: &Value| self.strict(value, "", required);
        let mut copy = Map::new();
        for (key, value) in &merged {
            let value = match (key.as_str(), value) {
                ("properties", Value::Object(all)) => {
                    all.iter().map(|(k, v)| (k.clone(), strict(v))).collect()
                }
                ("items" | "additionalProperties", Value::Object(_)) => strict(value),
                ("oneOf" | "anyOf", Value::Array(all)) => all.iter().map(strict).collect(),
                // Written as a format, meant as a pattern.
                ("format", Value::String(format)) if format.starts_with('^') => {
                    copy.insert("pattern".into(), value.clone());
                    continue;
                }
                _ => value.clone(),
            };
            copy.insert(key.clone(), value);
        }
        if let Some(mapping) = merged.get("discriminator").map(|d| &d["mapping"])
            && !copy.contains_key("oneOf")
        {
            return self.one_of(mapping, required);
        }
        if copy.contains_key("properties") {
            copy.entry("additionalProperties").or_insert(json!(false));
            require(&mut copy, if name == self.posts { required.post } else { &[] });
            require(&mut copy, if name == "User" { required.user } else { &[] });
            require(&mut copy, always(&name));
        }
        Value::Object(copy)
    }

    /// Each subtype with its own `type`, and nothing else.
    fn one_of(&self, mapping: &Value, required: &Required) -> Value {
        let subtype = |(kind, reference): (&String, &Value)| {
            let name = named(reference);
            let mut schema = self.strict(self.schema(name), name, required);
            schema["properties"]["type"] = json!({ "const": kind });
            schema
        };
        json!({ "oneOf": mapping.as_object().unwrap().iter().map(subtype).collect::<Vec<_>>() })
    }

    /// Follows `$ref` and makes one schema of the parts of `allOf`; a subtype leaves its parent's discriminator.
    fn merge(&self, schema: &Value, name: &str) -> (Map<String, Value>, String) {
        if let Some(reference) = schema.get("$ref") {
            return self.merge(self.schema(named(reference)), named(reference));
        }
        let mut merged = schema.as_object().unwrap().clone();
        for part in merged.remove("allOf").iter().flat_map(|parts| parts.as_array().unwrap()) {
            let (part, _) = self.merge(part, "");
            for (key, value) in part {
                match (key.as_str(), merged.get_mut(&key), value) {
                    ("discriminator", ..) => {}
                    ("properties", Some(Value::Object(all)), Value::Object(more)) => all.extend(more),
                    ("required", Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
                    (_, _, value) => {
                        merged.insert(key, value);
                    }
                }
            }
        }
        (merged, name.to_owned())
    }
}

/// What X always gives of a resource, whatever was asked for.
fn always(name: &str) -> &'static [&'static str] {
    match name {
        "Tweet" | "Post" => &["id", "text"],
        "User" => &["id", "name", "username"],
        "Media" | "Photo" | "Video" | "AnimatedGif" => &["media_key", "type"],
        "Place" => &["id", "full_name"],
        "Poll" => &["id", "options"],
        name if name.ends_with("SearchRecentResponse") || name == "SearchPostsRecentResponse" => &["meta"],
        _ => &[],
    }
}

fn require(schema: &mut Map<String, Value>, names: &[&str]) {
    let required = schema.entry("required").or_insert(json!([])).as_array_mut().unwrap();
    for name in names {
        if !required.contains(&json!(name)) {
            required.push(json!(name));
        }
    }
}

fn named(reference: &Value) -> &str {
    reference["$ref"].as_str().or(reference.as_str()).unwrap().rsplit('/').next().unwrap()
}
