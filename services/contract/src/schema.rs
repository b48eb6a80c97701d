//! The schemas of each record, oldest first, parsed once.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use apache_avro::{
    Schema, rabin::Rabin, reader::datum::GenericDatumReader, writer::datum::GenericDatumWriter,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Compliance, Cursor, Money, Rejected, Started, TweetBatch, WireError};

/// Rabin fingerprint of a schema's canonical form, as single-object encoding carries it (little endian).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 8]);

impl Fingerprint {
    /// Of a schema's text, as a schema registry gives it.
    ///
    /// # Errors
    /// `Body` where the text is no Avro schema.
    pub fn of_schema(text: &str) -> Result<Self, WireError> {
        let schema = Schema::parse_str(text).map_err(|error| WireError::Body(Box::new(error)))?;
        // A Rabin fingerprint has 8 bytes.
        Ok(Self(schema.fingerprint::<Rabin>().bytes.try_into().unwrap_or_default()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A record of the contract, with every schema version ever released, oldest first.
pub trait Record: Serialize + DeserializeOwned {
    /// The record's Avro schemas as text, oldest first; never edited once released, only appended to.
    const VERSIONS: &'static [&'static str];

    #[doc(hidden)]
    fn codec() -> &'static Codec;
}

macro_rules! record {
    ($record:ty: $($file:literal),+) => {
        impl Record for $record {
            const VERSIONS: &'static [&'static str] = &[$(include_str!(concat!("../schemas/", $file))),+];

            fn codec() -> &'static Codec {
                static CODEC: LazyLock<Codec> = LazyLock::new(|| Codec::new(<$record>::VERSIONS));
                &CODEC
            }
        }
    };
}

record!(TweetBatch: "tweet_batch.1.avsc", "tweet_batch.2.avsc");
record!(Cursor: "cursor.1.avsc");
record!(Money: "money.1.avsc");
record!(Started: "started.1.avsc");
record!(Rejected: "rejected.1.avsc");
record!(Compliance: "compliance.1.avsc");

/// Writers and readers of every version, built once: building one costs more than writing a batch with it.
pub struct Codec {
    pub(crate) writers: Vec<(Fingerprint, GenericDatumWriter<'static>)>,
    pub(crate) readers: BTreeMap<Fingerprint, GenericDatumReader<'static>>,
}

impl Codec {
    #[expect(clippy::expect_used, reason = "the schemas are embedded; a test parses each of them")]
    fn new(versions: &'static [&'static str]) -> Self {
        let (mut writers, mut readers) = (Vec::new(), BTreeMap::new());
        for text in versions {
            // Leaked on purpose: a handful of schemas live as long as the process, and readers borrow them.
            let schema: &'static Schema =
                Box::leak(Box::new(Schema::parse_str(text).expect("embedded schema")));
            let bytes = schema.fingerprint::<Rabin>().bytes;
            let fingerprint = Fingerprint(bytes.try_into().expect("a Rabin fingerprint has 8 bytes"));
            writers
                .push((fingerprint, GenericDatumWriter::builder(schema).build().expect("embedded schema")));
            readers
                .insert(fingerprint, GenericDatumReader::builder(schema).build().expect("embedded schema"));
        }
        Self { writers, readers }
    }
}

/// The text of the schema with this fingerprint, where this program knows it.
pub fn schema_text<T: Record>(fingerprint: Fingerprint) -> Option<&'static str> {
    let at = T::codec().writers.iter().position(|(known, _)| *known == fingerprint)?;
    T::VERSIONS.get(at).copied()
}

/// Fingerprints this program reads, oldest version first.
pub fn known_fingerprints<T: Record>() -> Vec<Fingerprint> {
    T::codec().writers.iter().map(|(fingerprint, _)| *fingerprint).collect()
}
