//! Digest of what an answer brought, without when and how it was fetched.

use std::io;

use sha2::{Digest, Sha256};

use crate::{TweetBatch, identity::hex};

/// SHA-256, hex, over posts, users, places, media, polls, errors and unparsed objects in the order of the answer.
/// A page fetched again with nothing changed has the same digest.
pub fn content_digest(batch: &TweetBatch) -> String {
    struct Sink(Sha256);
    impl io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let content = (
        &batch.tweets,
        &batch.included,
        &batch.users,
        &batch.places,
        &batch.media,
        &batch.polls,
        &batch.errors,
        &batch.unparsed,
    );
    let mut sink = Sink(Sha256::new());
    // Writing plain structs into a hasher cannot fail; a NaN probability is written as null.
    let _infallible = serde_json::to_writer(&mut sink, &content);
    hex(&sink.0.finalize())
}
