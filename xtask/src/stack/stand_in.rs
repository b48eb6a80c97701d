//! Images made here in place of those that cannot be pulled: same variables and paths as far as the stack uses them.

mod debian;
mod go;
mod import;
mod kafka;
mod mysql;
mod services;
mod telemetry;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use sandbox::setup::{Cache, Lock, Progress, SetupError, Step};

/// Where stand-ins are made, and kept for the next time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kitchen<'a> {
    pub(super) cache: &'a Cache,
    pub(super) lock: &'a Lock,
    pub(super) progress: &'a Progress,
}

/// A program of Go's module proxy, `module/path@version`, built once and kept.
///
/// # Errors
/// No Go, or the proxy's or the compiler's own words.
pub(crate) fn go_program(cache: &Cache, lock: &Lock, progress: &Progress, package: &str) -> Result<PathBuf> {
    let name = package.rsplit('/').next().unwrap_or(package);
    let kitchen = Kitchen { cache, lock, progress };
    let folder = kitchen.provide(&name.replace('@', "-"), |folder, step| {
        let go = go::Go::provide(&kitchen)?;
        step.say(&format!("building {package}"));
        let mut install = go.call(folder, &["install", "-trimpath", package]);
        install.env("GOBIN", folder);
        super::run::output(install)?;
        Ok(package.to_owned())
    })?;
    Ok(folder.join(name.split('@').next().unwrap_or(name)))
}

impl Kitchen<'_> {
    /// A folder of the cache, filled once.
    fn provide(&self, name: &str, fill: impl FnOnce(&Path, &Step) -> Result<String>) -> Result<PathBuf> {
        let filled = self.cache.provide(name, self.progress, |folder, step| {
            let make = |error: anyhow::Error| SetupError::Make {
                what: name.to_owned(),
                reason: format!("{error:#}"),
            };
            fill(folder, step).map_err(make)
        });
        Ok(filled?)
    }
}

/// An image that was made, or was there from the last time.
#[derive(Debug, Clone)]
pub(super) struct Made {
    /// What Compose is to run.
    pub(super) image: String,
    /// What it is, for people.
    pub(super) about: String,
}

/// Makes the stand-in of the image a pin file calls `variable`.
///
/// # Errors
/// It cannot be had or made, or there is none.
pub(super) fn make(variable: &str, kitchen: &Kitchen<'_>) -> Result<Made> {
    match variable {
        "MYSQL_IMAGE" => mysql::make(kitchen),
        "KAFKA_IMAGE" => kafka::make(kitchen),
        "COLLECTOR_IMAGE" => telemetry::collector(kitchen),
        "JAEGER_IMAGE" => telemetry::jaeger(kitchen),
        "PROMETHEUS_IMAGE" => telemetry::prometheus(kitchen),
        "EXTRACTOR_IMAGE" => services::make("extractor", kitchen),
        "TRANSFORMER_IMAGE" => services::make("transformer", kitchen),
        "SIMULATOR_IMAGE" => services::make("simulator", kitchen),
        _ => bail!("{variable} has no stand-in: Grafana and Kafka's UI can only be pulled"),
    }
}
