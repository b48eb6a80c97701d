//! The sink as tests and the demo see it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::record::{MetricPoint, SpanRecord, TraceSummary};
use crate::binaries;
use crate::error::SandboxError;
use crate::http;
use crate::process::{Process, ProcessSpec};

const READY: Duration = Duration::from_secs(30);

/// A running sink; dropped, it is killed.
#[derive(Debug)]
pub struct TraceSink {
    process: Process,
    endpoint: String,
}

impl TraceSink {
    /// Starts it in `folder` and waits until it listens.
    ///
    /// # Errors
    /// The `sandbox` program is not built, or does not listen in time.
    pub async fn start(folder: &Path) -> Result<Self, SandboxError> {
        fs::create_dir_all(folder).map_err(SandboxError::io("make the folder", folder))?;
        let spec = ProcessSpec {
            name: "trace-sink".to_owned(),
            program: binaries::find("sandbox")?,
            arguments: vec!["trace-sink".into()],
            environment: BTreeMap::new(),
            folder: folder.to_owned(),
        };
        let process = Process::start(&spec)?;
        let address = process.until("listening", READY, async || process.listening()).await?;
        Ok(Self { process, endpoint: format!("http://{address}") })
    }

    /// `telemetry.otlp_endpoint` for the services.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The spans of one trace that have come so far, by start.
    ///
    /// # Errors
    /// The sink does not answer.
    pub async fn trace(&self, trace_id: &str) -> Result<Vec<SpanRecord>, SandboxError> {
        self.ask("spans", &[("trace_id", trace_id)]).await
    }

    /// The spans of one name that have come so far, by start.
    ///
    /// # Errors
    /// The sink does not answer.
    pub async fn spans_named(&self, name: &str) -> Result<Vec<SpanRecord>, SandboxError> {
        self.ask("spans", &[("name", name)]).await
    }

    /// All traces, in one line each.
    ///
    /// # Errors
    /// The sink does not answer.
    pub async fn traces(&self) -> Result<Vec<TraceSummary>, SandboxError> {
        self.ask("traces", &[]).await
    }

    /// The latest values of a metric, one for each set of attributes and service.
    ///
    /// # Errors
    /// The sink does not answer.
    pub async fn metric(&self, name: &str) -> Result<Vec<MetricPoint>, SandboxError> {
        self.ask("metrics", &[("name", name)]).await
    }

    /// The latest values of all metrics.
    ///
    /// # Errors
    /// The sink does not answer.
    pub async fn metrics(&self) -> Result<Vec<MetricPoint>, SandboxError> {
        self.ask("metrics", &[]).await
    }

    /// Waits until `found` finds what it looks for among the spans called `name`; exporters send every few seconds.
    ///
    /// # Errors
    /// The limit passed first.
    pub async fn wait_for<T>(
        &self,
        name: &str,
        limit: Duration,
        mut found: impl FnMut(Vec<SpanRecord>) -> Option<T>,
    ) -> Result<T, SandboxError> {
        let asked = self.process.until("holding the awaited span", limit, async || {
            self.spans_named(name).await.ok().and_then(&mut found)
        });
        asked.await
    }

    /// Forgets all spans and metrics.
    ///
    /// # Errors
    /// The sink does not answer.
    pub async fn forget(&self) -> Result<(), SandboxError> {
        let sent = http::client().delete(format!("{}/spans", self.endpoint)).send().await;
        sent.and_then(reqwest::Response::error_for_status)
            .map(|_| ())
            .map_err(|error| refused("forget", &error))
    }

    async fn ask<T: DeserializeOwned>(&self, what: &str, query: &[(&str, &str)]) -> Result<T, SandboxError> {
        let request = http::client().get(format!("{}/{what}", self.endpoint)).query(query);
        let sent = request.timeout(Duration::from_secs(60)).send().await;
        let answer =
            sent.and_then(reqwest::Response::error_for_status).map_err(|error| refused(what, &error))?;
        answer.json().await.map_err(|error| refused(what, &error))
    }
}

fn refused(action: &str, error: &reqwest::Error) -> SandboxError {
    SandboxError::Control { name: "trace sink", action: format!("tell {action}"), reason: error.to_string() }
}
