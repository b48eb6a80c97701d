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
    /// A secret in the settings; the URL is not repeated.
    #[error(
        "schema_registry.url: user and password do not belong into the URL, which errors and logs name; the registry has to \
         answer without them"
    )]
    Credentials,
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
        if base.contains('@') {
            return Err(RegistryError::Credentials);
        }
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

#[cfg(test)]
mod tests {
    use contract::TweetBatch;
    use serde_json::json;
    use wiremock::matchers::{method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    async fn answering(template: ResponseTemplate) -> (MockServer, Registry) {
        let server = MockServer::start().await;
        let asked = Mock::given(method("GET")).and(path("/base/schemas/ids/42")).respond_with(template);
        asked.expect(1).mount(&server).await;
        let registry = Registry::new(&format!("{}/base", server.uri()), Duration::from_secs(5)).unwrap();
        (server, registry)
    }

    #[tokio::test]
    async fn an_id_is_asked_for_once_and_becomes_the_fingerprint_of_its_schema() {
        let newest = contract::known_fingerprints::<TweetBatch>().pop().unwrap();
        let text = contract::schema_text::<TweetBatch>(newest).unwrap();
        let (_server, registry) =
            answering(ResponseTemplate::new(200).set_body_json(json!({ "schema": text }))).await;
        assert_eq!(registry.fingerprint(42).await.unwrap(), newest);
        assert_eq!(registry.fingerprint(42).await.unwrap(), newest);
    }

    #[tokio::test]
    async fn an_answer_without_a_schema_is_told_and_not_remembered() {
        let (_server, registry) = answering(ResponseTemplate::new(404)).await;
        let error = registry.fingerprint(42).await.unwrap_err();
        assert_eq!(error.to_string(), "schema id 42: the registry answers 404");
        assert!(registry.known.lock().unwrap().is_empty());

        let schema = json!({ "schema": "syntax = \"proto3\";" });
        let (_server, registry) = answering(ResponseTemplate::new(200).set_body_json(schema)).await;
        assert!(matches!(registry.fingerprint(42).await, Err(RegistryError::NotAvro { id: 42, .. })));
    }

    #[test]
    fn what_is_no_base_url_is_named() {
        let error = Registry::new("registry:8081", Duration::from_secs(5)).unwrap_err();
        assert!(error.to_string().starts_with("schema_registry.url: \"registry:8081\""), "{error}");
        let error = Registry::new("https://user:hidden@registry", Duration::from_secs(5)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
    }
}
