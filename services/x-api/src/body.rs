//! Reading a body, up to a limit, and what it holds.

use reqwest::Response;
use serde_json::Value;

use crate::error::Malformed;

/// A body that did not arrive whole.
#[derive(Debug)]
pub(crate) enum Incomplete {
    /// The connection or the compression broke.
    Broken(reqwest::Error),
    /// It is larger than the limit; the rest was not read.
    TooLarge,
}

/// What arrived of a body, and why not all of it.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) incomplete: Option<Incomplete>,
}

/// Reads a body chunk by chunk. The limit counts decompressed bytes: a small answer can unpack to a large one.
pub(crate) async fn read(mut response: Response, limit: u64) -> Body {
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if (bytes.len() + chunk.len()) as u64 > limit => {
                return Body { bytes, incomplete: Some(Incomplete::TooLarge) };
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Body { bytes, incomplete: None },
            Err(error) => return Body { bytes, incomplete: Some(Incomplete::Broken(error)) },
        }
    }
}

/// The body as JSON.
pub(crate) fn json(body: &[u8]) -> Result<Value, Malformed> {
    serde_json::from_slice(body).map_err(|error| not_json(body, &error))
}

/// Why the body is no JSON.
pub(crate) fn not_json(body: &[u8], error: &serde_json::Error) -> Malformed {
    Malformed::NotJson { reason: error.to_string(), start: start(body, 80) }
}

/// The first characters of a body, for a message.
pub(crate) fn start(body: &[u8], characters: usize) -> String {
    let head = body.get(..characters * 4).unwrap_or(body);
    String::from_utf8_lossy(head).chars().take(characters).collect()
}
