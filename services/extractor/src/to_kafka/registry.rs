//! The framing of batches: Avro single-object encoding, or Confluent's under an id of the schema registry.

use contract::topics::BATCHES;
use contract::{Record as _, TweetBatch, WireError, encode, encode_confluent, headers};
use serde::Deserialize;

use crate::config::RegistrySettings;

/// How batches are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Avro single-object encoding.
    SingleObject,
    /// Confluent's, with the schema's id.
    Confluent(u32),
}

/// The registry cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A secret in the settings; the URL is not repeated.
    #[error(
        "schema_registry.url: user and password do not belong into the URL, which errors and logs name; the registry has to \
         answer without them"
    )]
    Credentials,
    /// No answer.
    #[error("schema_registry.url: no answer from {url}; start the registry, or set it to \"\"")]
    Unreachable {
        /// As set.
        url: url::Url,
        /// Why.
        source: reqwest::Error,
    },
    /// It does not take the schema.
    #[error("schema_registry.url: {url} refuses the schema of {subject} with {status}: {body}")]
    Refused {
        /// As set.
        url: url::Url,
        /// The subject.
        subject: String,
        /// HTTP status.
        status: u16,
        /// What it said.
        body: String,
    },
}

#[derive(Deserialize)]
struct Registered {
    id: u32,
}

impl Framing {
    /// Registers the batch schema where a registry is set.
    ///
    /// # Errors
    /// A registry that does not answer or does not take the schema.
    pub async fn of(settings: &RegistrySettings) -> Result<Self, RegistryError> {
        let Some(url) = &settings.url else { return Ok(Self::SingleObject) };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RegistryError::Credentials);
        }
        let unreachable = |source: reqwest::Error| RegistryError::Unreachable {
            url: url.clone(),
            source: source.without_url(),
        };
        let subject = format!("{BATCHES}-value");
        let builder = reqwest::Client::builder().timeout(settings.timeout.0).no_proxy();
        // As for X: plain HTTP needs no CA certificates on the machine.
        let builder = if url.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
        let client = builder.build().map_err(unreachable)?;
        let address = format!("{}/subjects/{subject}/versions", url.as_str().trim_end_matches('/'));
        let schema = serde_json::json!({ "schema": TweetBatch::VERSIONS.last() });
        let request = client.post(address).body(schema.to_string());
        let request = request.header("Content-Type", "application/vnd.schemaregistry.v1+json");
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let body = answer.text().await.map_err(unreachable)?;
        let refused = |body: String| RegistryError::Refused {
            url: url.clone(),
            subject: subject.clone(),
            status: status.as_u16(),
            body: body.chars().take(300).collect(),
        };
        if !status.is_success() {
            return Err(refused(body));
        }
        let registered: Registered = serde_json::from_str(&body).map_err(|_| refused(body))?;
        Ok(Self::Confluent(registered.id))
    }

    /// The value of a message.
    ///
    /// # Errors
    /// A batch that does not fit its schema: a mistake of this program.
    pub fn encode(self, batch: &TweetBatch) -> Result<Vec<u8>, WireError> {
        match self {
            Self::SingleObject => encode(batch),
            Self::Confluent(id) => encode_confluent(batch, id),
        }
    }

    /// The header that says so.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::SingleObject => headers::SINGLE_OBJECT_TYPE,
            Self::Confluent(_) => headers::CONFLUENT_TYPE,
        }
    }
}
