//! Layered configuration: embedded defaults < file < overlays < environment, with the origin of each value.

mod choices;
mod duration;
mod environment;
mod error;
mod merge;
mod origins;
mod secret;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use ::config::{FileFormat, Format as _, Map, Value};
use serde::de::DeserializeOwned;

pub use duration::DurationText;
pub use error::{ConfigError, MissingKey, UnknownKey};
pub use origins::{Origin, Origins};
pub use secret::Secret;

/// The sections every service has, `[telemetry]` and `[health]`: the lowest layer.
const SHARED: &str = include_str!("config/shared.toml");

/// What a service's configuration looks like.
///
/// Every key there is stands in the embedded defaults, with its comment; a key without a default stands there as
/// `""`, which means "not set" in every layer. So the defaults are the list of known keys. Elements of an array of
/// tables (`[[rules]]`) are checked by their type, which carries `#[serde(deny_unknown_fields)]`.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Prefix of environment variables without the underscore: `EXTRACTOR` reads `EXTRACTOR_KAFKA__BROKERS`.
    pub prefix: &'static str,
    /// The embedded, commented TOML. It need not repeat the shared sections, but may.
    pub defaults: &'static str,
    /// Settings without which the service does not start.
    pub required: &'static [Required],
    /// Variables with the prefix that are no settings (`CONFIG`, `RULES`: options of the command line).
    pub reserved: &'static [&'static str],
}

/// A setting that has no default.
#[derive(Clone, Copy, Debug)]
pub struct Required {
    /// Dotted key: `budget.daily_usd`.
    pub key: &'static str,
    /// What it is and an example, for whoever has to give it: ``the most to spend a UTC day, such as `5.00` ``.
    pub how: &'static str,
}

/// What lies over the embedded defaults, lowest first.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// `--config`; it has to exist.
    pub file: Option<PathBuf>,
    /// Further files over it (`--rules`); they have to exist. An array in them replaces the lower one whole.
    pub overlays: Vec<PathBuf>,
    /// All environment variables; those without the prefix are passed over.
    pub environment: Vec<(String, String)>,
}

impl Layers {
    /// The files given and the environment of this process. Variables that are not Unicode are passed over.
    pub fn of_process(file: Option<PathBuf>, overlays: impl IntoIterator<Item = PathBuf>) -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
            .collect();
        Self { file, overlays: overlays.into_iter().collect(), environment }
    }
}

/// Settings, and where each came from.
#[derive(Clone, Debug)]
pub struct Loaded<T> {
    /// The settings.
    pub value: T,
    /// Each effective key with its value and origin; prints as the aligned effective configuration.
    pub origins: Origins,
}

impl Schema {
    /// Reads all layers. Every unknown key, or else every missing one, is named at once.
    pub fn load<T: DeserializeOwned>(&self, layers: &Layers) -> Result<Loaded<T>, ConfigError> {
        let mut stack =
            vec![parse("embedded default (shared)", SHARED)?, parse("embedded default", self.defaults)?];
        let known = merge::Known::of(&merge::merged(&stack)?, self.required);
        for path in layers.file.iter().chain(&layers.overlays) {
            let text = std::fs::read_to_string(path)
                .map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
            stack.push(parse(&path.display().to_string(), &text)?);
        }
        stack.push(environment::layer(self, &layers.environment, &known));
        known.check(&stack)?;

        let mut root = merge::merged(&stack)?;
        merge::drop_unset(&mut root);
        let origins = Origins::of(&root);
        let missing: Vec<_> = self.required.iter().filter(|r| !origins.has(r.key)).collect();
        if !missing.is_empty() {
            let name = |r: &&Required| MissingKey {
                key: r.key,
                how: r.how,
                variable: environment::variable(self.prefix, r.key),
            };
            return Err(ConfigError::Missing(missing.iter().map(name).collect()));
        }
        let value = root.clone().try_deserialize().map_err(|e| match choices::refusal::<T>(&e, &root) {
            Some((key, reason)) => origins.invalid(&key, reason),
            None => ConfigError::of_value(&e, &origins),
        })?;
        Ok(Loaded { value, origins })
    }
}

fn parse(origin: &str, text: &str) -> Result<Map<String, Value>, ConfigError> {
    FileFormat::Toml.parse(Some(&origin.to_owned()), text).map_err(|e| ConfigError::Syntax {
        origin: origin.to_owned(),
        reason: error::one_line(&e.to_string()),
    })
}
