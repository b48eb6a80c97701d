//! Where each effective value came from.

use std::collections::BTreeMap;
use std::fmt;

use ::config::{Value, ValueKind};

use super::ConfigError;

/// The layer a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The defaults inside the binary.
    Embedded,
    /// A file, by its path.
    File(String),
    /// An environment variable, by its name.
    Variable(String),
}

impl Origin {
    pub(super) fn of(value: &Value) -> Self {
        match value.origin() {
            Some(name) if name.starts_with(EMBEDDED) => Self::Embedded,
            Some(name) => match name.strip_prefix(VARIABLE) {
                Some(variable) => Self::Variable(variable.to_owned()),
                None => Self::File(name.to_owned()),
            },
            None => Self::Embedded,
        }
    }
}

/// How the layers are named inside the tree.
pub(super) const EMBEDDED: &str = "embedded default";
pub(super) const VARIABLE: &str = "$";

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded => f.write_str(EMBEDDED),
            Self::File(path) => f.write_str(path),
            Self::Variable(name) => write!(f, "environment {name}"),
        }
    }
}

/// Each effective key (`rules[0].query`) with its printable value and origin.
#[derive(Clone, Debug, Default)]
pub struct Origins(BTreeMap<String, (String, Origin)>);

impl Origins {
    pub(super) fn of(root: &Value) -> Self {
        let mut origins = Self::default();
        origins.collect("", root);
        origins
    }

    fn collect(&mut self, key: &str, value: &Value) {
        match &value.kind {
            ValueKind::Table(table) => {
                for (name, child) in table {
                    let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                    self.collect(&key, child);
                }
            }
            ValueKind::Array(items) if items.iter().any(|i| matches!(i.kind, ValueKind::Table(_))) => {
                for (index, child) in items.iter().enumerate() {
                    self.collect(&format!("{key}[{index}]"), child);
                }
            }
            _ => {
                self.0.insert(key.to_owned(), (shown(key, value), Origin::of(value)));
            }
        }
    }

    /// Where a key's value came from; `None` if it is not set. A table answers with the origin of its first key.
    pub fn origin(&self, key: &str) -> Option<&Origin> {
        self.0.get(key).or_else(|| self.below(key).next()).map(|(_, origin)| origin)
    }

    /// Key, printable value (secrets as `***`) and origin, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Origin)> {
        self.0.iter().map(|(key, (value, origin))| (key.as_str(), value.as_str(), origin))
    }

    /// The error for a value that a service finds wrong after loading, with its origin.
    pub fn invalid(&self, key: &str, reason: impl Into<String>) -> ConfigError {
        ConfigError::Invalid { key: key.to_owned(), origin: self.nearest(key), reason: reason.into() }
    }

    /// The origin of a key or, where it is not set, of the table that should hold it.
    pub(super) fn nearest(&self, key: &str) -> Origin {
        std::iter::successors(Some(key), |key| key.rfind('.').map(|at| &key[..at]))
            .find_map(|key| self.origin(key))
            .cloned()
            .unwrap_or(Origin::Embedded)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.origin(key).is_some()
    }

    fn below(&self, key: &str) -> impl Iterator<Item = &(String, Origin)> {
        let inside = move |k: &str| k.strip_prefix(key).is_some_and(|rest| rest.starts_with(['.', '[']));
        self.0.iter().filter(move |(k, _)| inside(k)).map(|(_, found)| found)
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One very long query must not push every origin off the screen.
        const WIDEST: usize = 48;
        let width =
            |texts: &mut dyn Iterator<Item = &str>| texts.map(|t| t.chars().count().min(WIDEST)).max();
        let keys = width(&mut self.iter().map(|(key, _, _)| key)).unwrap_or(0);
        let values = width(&mut self.iter().map(|(_, value, _)| value)).unwrap_or(0);
        for (key, value, origin) in self.iter() {
            writeln!(f, "{key:keys$} = {value:values$}  # {origin}")?;
        }
        Ok(())
    }
}

/// The value as TOML would write it, without secrets: a secret's file prints as `***`, a URL without its user.
fn shown(key: &str, value: &Value) -> String {
    match &value.kind {
        ValueKind::String(path) if super::secret::is_secret(key) => super::secret::shown(path),
        ValueKind::String(text) => format!("{:?}", without_user(text)),
        ValueKind::Array(items) => {
            format!("[{}]", items.iter().map(|i| shown(key, i)).collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}

fn without_user(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let authority = &rest[..rest.find('/').unwrap_or(rest.len())];
    match authority.rfind('@') {
        Some(at) => format!("{scheme}://***@{}", &rest[at + 1..]),
        None => text.to_owned(),
    }
}
