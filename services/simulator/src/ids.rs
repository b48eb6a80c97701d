//! Ids of posts: snowflakes, whose upper bits are the time of creation.

use std::fmt;

use crate::clock::UnixMs;

/// The snowflake epoch, 2010-11-04T01:42:54.657Z, in Unix milliseconds.
const EPOCH: i64 = 1_288_834_974_657;
/// Bits below the time: worker and sequence.
const LOW_BITS: u32 = 22;
/// Ids below this were counted, not timed: they were given before snowflakes began.
const FIRST_SNOWFLAKE: u64 = 29_700_859_247;

/// The id of a post: up to 19 decimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostId(pub u64);

impl PostId {
    /// Reads decimal digits, as X's pattern `^[0-9]{1,19}$` has it.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = (1..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if digits { text.parse().ok().map(Self) } else { None }
    }

    /// The smallest id of a post created at `at` or later.
    pub fn first_at(at: UnixMs) -> Self {
        Self(u64::try_from(at.0 - EPOCH).unwrap_or(0) << LOW_BITS)
    }

    /// The id of the post with these lower bits, created at `at`.
    pub fn at(at: UnixMs, low: u64) -> Self {
        Self(Self::first_at(at).0 | (low & ((1 << LOW_BITS) - 1)))
    }

    /// When the post was created; the epoch for an id older than snowflakes.
    pub fn created(self) -> UnixMs {
        UnixMs(i64::try_from(self.0 >> LOW_BITS).unwrap_or(0) + EPOCH)
    }

    /// The same post `by` milliseconds later; an id older than snowflakes stays.
    pub fn shifted(self, by: i64) -> Self {
        if self.0 < FIRST_SNOWFLAKE {
            return self;
        }
        let moved = i64::try_from(self.0 >> LOW_BITS).unwrap_or(0).saturating_add(by).max(0);
        Self((moved.unsigned_abs() << LOW_BITS) | (self.0 & ((1 << LOW_BITS) - 1)))
    }
}

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_published_pair_of_id_and_time() {
        // From X's documentation of edited posts.
        let id = PostId::parse("1576994746135764992").unwrap();
        assert_eq!(id.created().whole_second().to_string(), "2022-10-03T17:57:01.000Z");
    }

    #[test]
    fn a_shift_moves_the_time_and_keeps_the_lower_bits() {
        let id = PostId(1_576_994_746_135_764_992);
        let moved = id.shifted(5_000);
        assert_eq!(moved.created().0 - id.created().0, 5_000);
        assert_eq!(moved.0 & 0x3f_ffff, id.0 & 0x3f_ffff);
        assert_eq!(PostId(20).shifted(5_000), PostId(20));
    }

    #[test]
    fn refuses_what_is_no_id() {
        for text in ["", "x", "-1", "+1", "12345678901234567890"] {
            assert_eq!(PostId::parse(text), None, "{text}");
        }
    }
}
