//! From bytes to records, in either framing; what is bad data and what only has to wait are told apart here.

mod registry;

use contract::{Framing, Record, WireError, decode as decode_wire};

use crate::config::RegistrySettings;
pub use registry::{Registry, RegistryError};

/// What became of a value.
#[derive(Debug)]
pub enum Decoded<T> {
    /// A record.
    Record(Box<T>),
    /// Bad data: it will never be read. Why.
    Malformed(String),
    /// Not bad data: a newer release, or the schema registry, is needed. What is missing.
    NotYet(String),
}

/// Decodes values; knows the schema registry, if there is one.
#[derive(Debug)]
pub struct Decoder {
    registry: Option<Registry>,
}

impl Decoder {
    /// Sets up the registry's client where a URL is set.
    ///
    /// # Errors
    /// The URL is none, or no HTTP client can be made.
    pub fn new(settings: &RegistrySettings) -> Result<Self, RegistryError> {
        let registry =
            settings.url.as_deref().map(|url| Registry::new(url, settings.timeout.0)).transpose()?;
        Ok(Self { registry })
    }

    /// Reads one value; asks the registry for an id it has not seen.
    pub async fn decode<T: Record>(&self, value: &[u8]) -> Decoded<T> {
        let fingerprint = match Framing::of(value) {
            Ok(Framing::Confluent { schema_id, .. }) => match &self.registry {
                Some(registry) => match registry.fingerprint(schema_id).await {
                    Ok(fingerprint) => Some(fingerprint),
                    Err(error) => return Decoded::NotYet(error.to_string()),
                },
                None => {
                    return Decoded::NotYet(format!(
                        "the message names schema id {schema_id} of a registry: set schema_registry.url"
                    ));
                }
            },
            Ok(Framing::SingleObject { .. }) => None,
            Err(error) => return Decoded::Malformed(error.to_string()),
        };
        match decode_wire(value, |_| fingerprint) {
            Ok(record) => Decoded::Record(Box::new(record)),
            Err(error @ (WireError::UnknownSchema { .. } | WireError::UnresolvedId(_))) => {
                Decoded::NotYet(error.to_string())
            }
            Err(error) => Decoded::Malformed(error.to_string()),
        }
    }
}
