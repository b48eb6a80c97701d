//! What can be wrong with a configuration, told in the words of whoever wrote it.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::{Origin, Origins};

/// A configuration that cannot be used. Its text says what and where, and the way out.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that was named cannot be read.
    #[error("cannot read the configuration file {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML.
    #[error("{origin} is not valid TOML: {reason}")]
    Syntax {
        /// The layer.
        origin: String,
        /// Line, column and what was expected.
        reason: String,
    },
    /// Keys that no setting has.
    #[error("{}", unknown_text(.0))]
    Unknown(Vec<UnknownKey>),
    /// A value of the wrong type or out of range.
    #[error("{key} (from {origin}): {reason}")]
    Invalid {
        /// Dotted key.
        key: String,
        /// The layer that gave it.
        origin: Origin,
        /// What is wrong and what is expected.
        reason: String,
    },
    /// Settings without a default that nobody gave.
    #[error("{}", missing_text(.0))]
    Missing(Vec<MissingKey>),
    /// A file with a secret that cannot be used.
    #[error("{key}: cannot read the secret from {}: {reason}; it has to be the path of a file that holds the secret alone", path.as_ref().map_or("***".to_owned(), |p| p.display().to_string()))]
    Secret {
        /// The setting that names the file.
        key: String,
        /// The file; `None` if what was given does not look like one.
        path: Option<PathBuf>,
        /// Why.
        reason: String,
    },
}

/// A key that no setting has.
#[derive(Clone, Debug)]
pub struct UnknownKey {
    /// Dotted key.
    pub key: String,
    /// The layer that gave it.
    pub origin: Origin,
    /// The known key that looks most like it.
    pub nearest: Option<String>,
}

/// A required setting that nobody gave.
#[derive(Clone, Debug)]
pub struct MissingKey {
    /// Dotted key.
    pub key: &'static str,
    /// What it is, with an example.
    pub how: &'static str,
    /// The environment variable that sets it.
    pub variable: String,
}

impl ConfigError {
    /// 78, the `EX_CONFIG` of sysexits.h.
    pub fn exit_code(&self) -> u8 {
        78
    }

    /// Translates what the `config` crate says about a value; the origin is looked up, as the crate often loses it.
    pub(super) fn of_value(error: &::config::ConfigError, origins: &Origins) -> Self {
        use ::config::ConfigError as E;
        let (key, reason) = match error {
            E::Type { unexpected, expected, key, .. } => {
                (key.clone(), format!("{unexpected} is not {expected}"))
            }
            E::At { error, key, .. } => (key.clone(), error.to_string()),
            E::NotFound(key) => (Some(key.clone()), "this setting is missing".to_owned()),
            other => (None, other.to_string()),
        };
        let key = dotted(&key.unwrap_or_default());
        let origin = origins.nearest(&key);
        // serde's words for a field that `deny_unknown_fields` refuses: unknown field `a`, expected one of `b`, `c`.
        if reason.starts_with("unknown field") {
            let names: Vec<&str> = reason.split('`').skip(1).step_by(2).collect();
            if let [field, known @ ..] = names.as_slice() {
                let full =
                    |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
                let nearest = nearest(field, known.iter().copied()).map(|name| full(&name));
                return Self::Unknown(vec![UnknownKey { key: full(field), origin, nearest }]);
            }
        }
        origins.invalid(&key, reason)
    }
}

/// The key with a dot after an index, which the crate leaves out: `rules[0]query`.
pub(super) fn dotted(key: &str) -> String {
    let parts: Vec<&str> = key.split(']').collect();
    parts.join("].").replace("].[", "][").replace("]..", "].").trim_end_matches('.').to_owned()
}

fn unknown_text(keys: &[UnknownKey]) -> String {
    let line = |k: &UnknownKey| {
        let hint = k.nearest.as_ref().map_or(String::new(), |n| format!("; did you mean {n}?"));
        format!("unknown setting {} (from {}){hint}", k.key, k.origin)
    };
    keys.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn missing_text(keys: &[MissingKey]) -> String {
    let mut text = match keys.len() {
        1 => "a required setting is missing:".to_owned(),
        n => format!("{n} required settings are missing:"),
    };
    for MissingKey { key, how, variable } in keys {
        let (section, name) = key.rsplit_once('.').unwrap_or(("", key));
        let section = if section.is_empty() { String::new() } else { format!("[{section}] ") };
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n  {key}: {how}\n    give it as {variable}=… or in the configuration file as {section}{name} = …"
        );
    }
    text
}

/// The first and the last line of a TOML error: position and meaning, without the drawing between them.
pub(super) fn one_line(text: &str) -> String {
    let mut lines = text.lines().filter(|l| !l.trim().is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(first), Some(last)) => format!("{first}: {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    }
}

/// The candidate with the fewest changed letters, if it is near enough to be what was meant: `x.token` is `x.token_file`.
pub(super) fn nearest<'a>(key: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let limit = key.chars().count().div_ceil(3).max(2);
    let scored = candidates.map(|c| (distance(key, c), c)).filter(|(d, c)| *d <= limit || c.starts_with(key));
    scored.min().map(|(_, c)| c.to_owned())
}

/// Levenshtein's distance, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
