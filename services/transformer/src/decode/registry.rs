//! The schema registry, by its REST interface: a schema id becomes a fingerprint, once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use contract::Fingerprint;
use serde::Deserialize;
use thiserror::Error;
use url::Url;

/// An id that is not resolved now.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// The setting.
    #[error("schema_registry.url: {url:?} is no base URL such as http://127.0.0.1:8081")]
    Url {
        /// As set.
        url: String,
    },
    /// No client.
    #[error("schema_registry: no HTTP client can be made: {0} (is the package ca-certificates there?)")]
    Client(reqwest::Error),
    /// No answer.
    #[error("schema id {id}: the registry does not answer: {source}")]
    Unreachable {
        /// Id.
        id: u32,
        /// Why.
        source: reqwest::Error,
    },
    /// An answer without a schema.
    #[error("schema id {id}: the registry answers {status}")]
    Refused {
        /// Id.
        id: u32,
        /// HTTP status.
        status: u16,
    },
    /// A schema that is none.
    #[error("schema id {id}: the registry's schema is no Avro schema: {reason}")]
    NotAvro {
        /// Id.
        id: u32,
        /// Why.
        reason: String,
    },
}

/// A client of one registry.
#[derive(Debug)]
pub struct Registry {
    base: Url,
    client: reqwest::Client,
    known: Mutex<HashMap<u32, Fingerprint>>,
}

#[derive(Deserialize)]
struct Answer {
    schema: String,
}

impl Registry {
    /// Asks nothing yet.
    ///
    /// # Errors
    /// The URL is none, or no HTTP client can be made.
    pub fn new(base: &str, timeout: Duration) -> Result<Self, RegistryError> {
        let url = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let mut url = url.ok_or_else(|| RegistryError::Url { url: base.to_owned() })?;
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        bootstrap::install_crypto_provider();
        let client = reqwest::Client::builder().timeout(timeout).build().map_err(RegistryError::Client)?;
        Ok(Self { base: url, client, known: Mutex::default() })
    }

    /// The fingerprint of a schema id (`GET /schemas/ids/{id}`); an id never changes its meaning.
    ///
    /// # Errors
    /// The registry does not answer, does not know the id, or answers something else.
    pub async fn fingerprint(&self, id: u32) -> Result<Fingerprint, RegistryError> {
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(*known);
        }
        let unreachable =
            |source: reqwest::Error| RegistryError::Unreachable { id, source: source.without_url() };
        let url = self.base.join(&format!("schemas/ids/{id}"));
        let url = url.map_err(|_| RegistryError::Url { url: self.base.to_string() })?;
        let response = self.client.get(url).send().await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(RegistryError::Refused { id, status: response.status().as_u16() });
        }
        let answer: Answer = response.json().await.map_err(unreachable)?;
        let fingerprint = Fingerprint::of_schema(&answer.schema)
            .map_err(|error| RegistryError::NotAvro { id, reason: error.to_string() })?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(id, fingerprint);
        Ok(fingerprint)
    }
}
