//! The contract between extractor and transformer: what travels, how it is framed, on which topics, under which headers.
//!
//! Knows nothing of Kafka clients, MySQL or HTTP. Schemas are embedded; every version ever released stays readable.

mod around;
mod aside;
mod batch;
mod cursor;
mod digest;
pub mod headers;
mod identity;
mod schema;
pub mod topics;
mod tweet;
mod wire;

pub use around::*;
pub use aside::*;
pub use batch::*;
pub use cursor::*;
pub use digest::content_digest;
pub use identity::{BatchId, BatchIdError, query_fingerprint};
pub use schema::{Fingerprint, Record, known_fingerprints, schema_text};
pub use tweet::*;
pub use wire::{Framing, WireError, decode, encode, encode_confluent, encode_version};
