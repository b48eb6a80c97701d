//! The layers as one tree, and the keys that may occur in it.

use std::collections::BTreeMap;

use ::config::{Config, Map, Source, Value, ValueKind};

use super::error::{ConfigError, UnknownKey, nearest};
use super::{Origin, Required};

/// One layer as the `config` crate wants it.
#[derive(Clone, Debug)]
struct Layer(Map<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ::config::ConfigError> {
        Ok(self.0.clone())
    }
}

/// Later layers over earlier ones: tables key by key, everything else whole.
pub(super) fn merged(layers: &[Map<String, Value>]) -> Result<Value, ConfigError> {
    let builder = layers.iter().fold(Config::builder(), |b, layer| b.add_source(Layer(layer.clone())));
    let config = builder.build().map_err(|e| ConfigError::Syntax {
        origin: "the layers together".to_owned(),
        reason: e.to_string(),
    })?;
    Ok(config.cache)
}

/// Takes out what is `""`: an empty text means "not set".
pub(super) fn drop_unset(value: &mut Value) {
    if let ValueKind::Table(table) = &mut value.kind {
        table.retain(|_, v| !matches!(&v.kind, ValueKind::String(text) if text.is_empty()));
        table.values_mut().for_each(drop_unset);
    }
}

/// What a known key holds in the defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    Single,
    List,
    Tables,
}

/// The keys that may be given.
pub(super) struct Known(BTreeMap<String, Shape>);

impl Known {
    pub(super) fn of(defaults: &Value, required: &[Required]) -> Self {
        let mut known: BTreeMap<_, _> = required.iter().map(|r| (r.key.to_owned(), Shape::Single)).collect();
        leaves(defaults, "", &mut |key, value| {
            known.insert(key.to_owned(), shape(value));
        });
        Self(known)
    }

    pub(super) fn shape(&self, key: &str) -> Option<Shape> {
        self.0.get(key).copied()
    }

    /// Refuses keys of any layer that the defaults do not have.
    pub(super) fn check(&self, layers: &[Map<String, Value>]) -> Result<(), ConfigError> {
        let mut unknown = Vec::new();
        let mut misshaped = None;
        for layer in layers {
            leaves(&Value::new(None, layer.clone()), "", &mut |key, value| {
                if self.0.contains_key(key) {
                    return;
                }
                let origin = Origin::of(value);
                if self.0.keys().any(|k| k.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'))) {
                    misshaped.get_or_insert(ConfigError::Invalid {
                        key: key.to_owned(),
                        origin,
                        reason: format!("this is a section; its keys stand below [{key}]"),
                    });
                } else {
                    unknown.push(UnknownKey {
                        key: key.to_owned(),
                        origin,
                        nearest: nearest(key, self.0.keys().map(String::as_str)),
                    });
                }
            });
        }
        unknown.sort_by(|a, b| a.key.cmp(&b.key));
        match (unknown.is_empty(), misshaped) {
            (false, _) => Err(ConfigError::Unknown(unknown)),
            (true, Some(error)) => Err(error),
            (true, None) => Ok(()),
        }
    }
}

fn shape(value: &Value) -> Shape {
    match &value.kind {
        ValueKind::Array(items) if items.iter().any(|i| matches!(i.kind, ValueKind::Table(_))) => {
            Shape::Tables
        }
        ValueKind::Array(_) => Shape::List,
        _ => Shape::Single,
    }
}

/// Calls `see` with the dotted key of everything that is not a table.
fn leaves(value: &Value, key: &str, see: &mut impl FnMut(&str, &Value)) {
    match &value.kind {
        ValueKind::Table(table) => {
            for (name, child) in table {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                leaves(child, &key, see);
            }
        }
        _ => see(key, value),
    }
}
