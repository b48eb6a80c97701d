//! Framing of Kafka values: Avro single-object encoding by default, Confluent's with a schema registry.
//!
//! Single-object: `C3 01`, 8 bytes of Rabin fingerprint, body (Avro 1.12 specification, "Single-object encoding").
//! Confluent: `00`, 4 bytes of schema id, big endian, body. The first byte tells them apart.

use apache_avro::{Schema, to_value};
use thiserror::Error;

use crate::{Fingerprint, Record, known_fingerprints};

const SINGLE_OBJECT: [u8; 2] = [0xC3, 0x01];
const CONFLUENT: u8 = 0x00;

/// Why a value could not be read or written.
#[derive(Debug, Error)]
pub enum WireError {
    /// Neither framing: the first bytes are shown.
    #[error("neither Avro single-object nor Confluent framing: starts with {0:02x?}")]
    UnknownFraming(Vec<u8>),
    /// A schema of another release. Not bad data: a newer program reads it.
    #[error("schema {fingerprint} is unknown here; this release reads {known:?}: deploy a newer one")]
    UnknownSchema {
        /// The writer's schema.
        fingerprint: Fingerprint,
        /// What this program reads.
        known: Vec<Fingerprint>,
    },
    /// The registry did not resolve this id.
    #[error("schema id {0} of the registry is not resolved")]
    UnresolvedId(u32),
    /// The body is not what its schema says.
    #[error("Avro body: {0}")]
    Body(Box<apache_avro::Error>),
    /// The body goes on after the record.
    #[error("{0} bytes follow the record")]
    Trailing(usize),
    /// This program writes only the versions it embeds.
    #[error("there is no schema version {0}")]
    NoVersion(usize),
}

/// A value taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing<'a> {
    /// Avro single-object encoding.
    SingleObject {
        /// The writer's schema.
        fingerprint: Fingerprint,
        /// Avro binary.
        body: &'a [u8],
    },
    /// Confluent's framing.
    Confluent {
        /// Id in the schema registry.
        schema_id: u32,
        /// Avro binary.
        body: &'a [u8],
    },
}

impl<'a> Framing<'a> {
    /// Tells the framing by the first byte.
    ///
    /// # Errors
    /// `UnknownFraming` with the first bytes.
    pub fn of(value: &'a [u8]) -> Result<Self, WireError> {
        match value {
            [a, b, rest @ ..] if [*a, *b] == SINGLE_OBJECT => {
                let (fingerprint, body) = rest.split_first_chunk::<8>().ok_or_else(|| unknown(value))?;
                Ok(Self::SingleObject { fingerprint: Fingerprint(*fingerprint), body })
            }
            [CONFLUENT, rest @ ..] => {
                let (id, body) = rest.split_first_chunk::<4>().ok_or_else(|| unknown(value))?;
                Ok(Self::Confluent { schema_id: u32::from_be_bytes(*id), body })
            }
            _ => Err(unknown(value)),
        }
    }
}

fn unknown(value: &[u8]) -> WireError {
    WireError::UnknownFraming(value.iter().take(12).copied().collect())
}

/// Writes a record with its newest schema, in single-object encoding.
///
/// # Errors
/// `Body` where the record does not fit its schema: a mistake in this crate.
pub fn encode<T: Record>(record: &T) -> Result<Vec<u8>, WireError> {
    let (fingerprint, writer) = T::codec().writers.last().ok_or(WireError::NoVersion(0))?;
    let mut value = single_object(*fingerprint);
    writer.write_ser(&mut value, record).map_err(body)?;
    Ok(value)
}

/// Writes a record as an older release did, with schema version `version` (from 1): fields it lacks are left out.
/// Slower than [`encode`]; it proves that what older releases wrote is still read.
///
/// # Errors
/// `NoVersion`, or `Body`.
pub fn encode_version<T: Record>(record: &T, version: usize) -> Result<Vec<u8>, WireError> {
    let at = version.checked_sub(1).ok_or(WireError::NoVersion(version))?;
    let text = T::VERSIONS.get(at).ok_or(WireError::NoVersion(version))?;
    let (fingerprint, writer) = T::codec().writers.get(at).ok_or(WireError::NoVersion(version))?;
    let schema = Schema::parse_str(text).map_err(body)?;
    let resolved = to_value(record).and_then(|record| record.resolve(&schema)).map_err(body)?;
    let mut value = single_object(*fingerprint);
    writer.write_value(&mut value, resolved).map_err(body)?;
    Ok(value)
}

fn single_object(fingerprint: Fingerprint) -> Vec<u8> {
    let mut value = Vec::with_capacity(4096);
    value.extend_from_slice(&SINGLE_OBJECT);
    value.extend_from_slice(&fingerprint.0);
    value
}

fn body(error: apache_avro::Error) -> WireError {
    WireError::Body(Box::new(error))
}

/// Writes a record with its newest schema in Confluent's framing, under the id the registry gave that schema.
///
/// # Errors
/// `Body` where the record does not fit its schema.
pub fn encode_confluent<T: Record>(record: &T, schema_id: u32) -> Result<Vec<u8>, WireError> {
    let single = encode(record)?;
    let mut value = Vec::with_capacity(single.len());
    value.push(CONFLUENT);
    value.extend_from_slice(&schema_id.to_be_bytes());
    value.extend_from_slice(single.get(10..).unwrap_or_default());
    Ok(value)
}

/// Reads a record in either framing and any known version; what an older version lacks takes its default.
/// `resolve` gives the fingerprint of a registry's schema id.
///
/// # Errors
/// `UnknownSchema` and `UnresolvedId` are no bad data: wait for a newer release or for the registry. All else is.
pub fn decode<T: Record>(
    value: &[u8],
    resolve: impl FnOnce(u32) -> Option<Fingerprint>,
) -> Result<T, WireError> {
    let (fingerprint, mut bytes) = match Framing::of(value)? {
        Framing::SingleObject { fingerprint, body } => (fingerprint, body),
        Framing::Confluent { schema_id, body } => {
            (resolve(schema_id).ok_or(WireError::UnresolvedId(schema_id))?, body)
        }
    };
    let reader = T::codec()
        .readers
        .get(&fingerprint)
        .ok_or_else(|| WireError::UnknownSchema { fingerprint, known: known_fingerprints::<T>() })?;
    let record = reader.read_deser(&mut bytes).map_err(body)?;
    if bytes.is_empty() { Ok(record) } else { Err(WireError::Trailing(bytes.len())) }
}
