//! The total order of observations.

use sha2::{Digest, Sha256};

/// Orders observations by value: the answer's Date in milliseconds (sign bit flipped, so that bytes sort as numbers),
/// then 8 bytes of the SHA-256 of batch id and digest: two batches of one moment need an order, and any one will do.
/// Within a batch the later position wins, included posts before matched ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version(pub [u8; 16]);

impl Version {
    /// Before every observation: nothing is stored.
    pub const NONE: Self = Self([0; 16]);

    /// Of all observations of a batch.
    pub fn new(observed_at_ms: i64, batch_id: &str, digest: &str) -> Self {
        let hash = Sha256::new_with_prefix(batch_id).chain_update([0]).chain_update(digest).finalize();
        let moment = observed_at_ms.cast_unsigned() ^ (1 << 63);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&moment.to_be_bytes());
        bytes[8..].copy_from_slice(&hash[..8]);
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn a_later_moment_wins_whatever_the_batch_is_called() {
        let moments = [i64::MIN, -1, 0, 1, 1_600_000_000_000, i64::MAX];
        for pair in moments.windows(2) {
            for (a, b) in [("a/1/1", "b/1/1"), ("b/1/1", "a/1/1")] {
                assert!(Version::new(pair[0], a, "d") < Version::new(pair[1], b, "d"));
            }
        }
    }

    #[test]
    fn two_batches_of_one_moment_and_two_contents_of_one_batch_have_an_order() {
        let one = Version::new(5, "a/1/1", "d");
        assert_ne!(one, Version::new(5, "a/1/2", "d"));
        assert_ne!(one, Version::new(5, "a/1/1", "e"));
        assert!(Version::NONE < one);
    }
}
