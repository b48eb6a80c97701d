//! The health endpoint: is the process alive, and is it doing its work.

mod ask;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;

use crate::DurationText;
pub use ask::{Probe, ask};

/// The section `[health]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthSettings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address chosen is written here, whole or not at all.
    pub address_file: Option<PathBuf>,
    /// Without a heartbeat for this long the service counts as dead.
    pub heartbeat_limit: DurationText,
}

/// The endpoint cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// The address cannot be listened on.
    #[error("health.listen: cannot listen on {address}: {source}")]
    Listen {
        /// As set.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The address chosen cannot be told.
    #[error("health.address_file: cannot write {}: {source}", path.display())]
    AddressFile {
        /// As set.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Named conditions that all have to hold for the service to be doing its work. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Readiness(Arc<Mutex<BTreeMap<&'static str, Result<(), String>>>>);

impl Readiness {
    /// Every check starts as not ready.
    pub fn new(checks: &[&'static str]) -> Self {
        Self(Arc::new(Mutex::new(checks.iter().map(|name| (*name, Err("starting".to_owned()))).collect())))
    }

    /// States one check: `Ok(())`, or why not. A change is logged.
    pub fn set(&self, check: &'static str, state: Result<(), &str>) {
        let state = state.map_err(str::to_owned);
        let before = lock(&self.0).insert(check, state.clone());
        if before.as_ref() == Some(&state) {
            return;
        }
        match state {
            Ok(()) => tracing::info!(check, "ready"),
            Err(reason) => tracing::warn!(check, reason, "not ready"),
        }
    }

    /// Whether all checks hold.
    pub fn is_ready(&self) -> bool {
        lock(&self.0).values().all(Result::is_ok)
    }

    fn answer(&self) -> Response {
        let checks: BTreeMap<_, _> =
            lock(&self.0).iter().map(|(name, state)| (*name, state.as_ref().err().cloned())).collect();
        let ready = checks.values().all(Option::is_none);
        let shown: BTreeMap<_, _> = checks.iter().map(|(k, v)| (k, v.as_deref().unwrap_or("ok"))).collect();
        (status(ready), Json(json!({ "ready": ready, "checks": shown }))).into_response()
    }
}

/// The sign of life: the service's loop beats it at every turn, also while it waits. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Heartbeat(Arc<Mutex<Instant>>);

impl Heartbeat {
    /// The loop turned.
    pub fn beat(&self) {
        *lock(&self.0) = Instant::now();
    }

    fn answer(&self, limit: Duration) -> Response {
        let silent = lock(&self.0).elapsed();
        let alive = silent <= limit;
        (status(alive), Json(json!({ "alive": alive, "silent_seconds": silent.as_secs_f64() })))
            .into_response()
    }
}

/// The running endpoint; it stops answering when dropped.
#[derive(Debug)]
pub struct Health {
    /// Where it answers.
    pub address: SocketAddr,
    /// The checks.
    pub readiness: Readiness,
    /// The sign of life, beaten once by the start.
    pub heartbeat: Heartbeat,
    server: tokio::task::JoinHandle<()>,
}

impl Health {
    /// Opens the endpoint with the named checks, all of them not ready yet.
    pub async fn start(settings: &HealthSettings, checks: &[&'static str]) -> Result<Self, HealthError> {
        let listen = |source| HealthError::Listen { address: settings.listen, source };
        let listener = TcpListener::bind(settings.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let readiness = Readiness::new(checks);
        let heartbeat = Heartbeat(Arc::new(Mutex::new(Instant::now())));

        let (ready, alive, limit) = (readiness.clone(), heartbeat.clone(), settings.heartbeat_limit.0);
        let routes = Router::new()
            .route("/health/live", get(async move || alive.answer(limit)))
            .route("/health/ready", get(async move || ready.answer()));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, routes).await {
                tracing::error!(%error, "the health endpoint ended");
            }
        });
        if let Some(path) = &settings.address_file {
            write_whole(path, &address.to_string())
                .map_err(|source| HealthError::AddressFile { path: path.clone(), source })?;
        }
        tracing::info!(%address, "health endpoint listening");
        Ok(Self { address, readiness, heartbeat, server })
    }
}

impl Drop for Health {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn status(good: bool) -> StatusCode {
    if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Nobody sees half a file: written beside its place, then renamed.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

/// A panic elsewhere leaves the plain values behind these locks usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
