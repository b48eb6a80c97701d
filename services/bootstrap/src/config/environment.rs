//! Environment variables as the topmost layer: `EXTRACTOR_KAFKA__BROKERS` is `kafka.brokers`.

use ::config::{Map, Value};

use super::Schema;
use super::merge::{Known, Shape};
use super::origins::VARIABLE;

/// The variable that sets a key.
pub(super) fn variable(prefix: &str, key: &str) -> String {
    format!("{prefix}_{}", key.replace('.', "__").to_uppercase())
}

/// All variables with the prefix, known or not, as values whose origin is the variable's name.
pub(super) fn layer(schema: &Schema, environment: &[(String, String)], known: &Known) -> Map<String, Value> {
    let mut root = Map::new();
    for (name, text) in environment {
        let Some(rest) = name.strip_prefix(schema.prefix).and_then(|r| r.strip_prefix('_')) else { continue };
        if schema.reserved.contains(&rest) {
            continue;
        }
        let path: Vec<String> = rest.split("__").map(str::to_lowercase).collect();
        let origin = Some(format!("{VARIABLE}{name}"));
        let value = match known.shape(&path.join(".")) {
            Some(Shape::List) => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Value::new(origin.as_ref(), items.map(|i| Value::new(origin.as_ref(), i)).collect::<Vec<_>>())
            }
            _ => Value::new(origin.as_ref(), text.as_str()),
        };
        insert(&mut root, &path, value);
    }
    root
}

fn insert(table: &mut Map<String, Value>, path: &[String], value: Value) {
    let [name, rest @ ..] = path else { return };
    if rest.is_empty() {
        table.insert(name.clone(), value);
        return;
    }
    let child = table.entry(name.clone()).or_insert_with(|| Value::new(None, Map::<String, Value>::new()));
    // `PREFIX_A` beside `PREFIX_A__B`: the longer name wins here, and the unknown-key check names what is wrong.
    if !matches!(child.kind, ::config::ValueKind::Table(_)) {
        *child = Value::new(None, Map::<String, Value>::new());
    }
    if let ::config::ValueKind::Table(inner) = &mut child.kind {
        insert(inner, rest, value);
    }
}
