//! Numbers by chance that depend on a seed, a purpose and an index alone.

/// What a number is drawn for: the same index draws other numbers for each.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(crate) enum For {
    Timeline = 1,
    Author,
    Edits,
    Relations,
    Text,
    Correction,
    Trimmings,
    Attachments,
    Metrics,
    Place,
    Context,
    Absent,
    Late,
    Quirks,
    Links,
}

/// A sequence of numbers (splitmix64: https://prng.di.unimi.it/splitmix64.c).
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64, purpose: For, index: u64) -> Self {
        let mut draw = Self(seed ^ (purpose as u64).wrapping_mul(0xD6E8_FEB8_6659_FD93));
        draw.0 = draw.number() ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        draw
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Less than `limit`; 0 for a limit of 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.number().checked_rem(limit).unwrap_or(0)
    }

    /// At least `low`, at most `high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `per_mille` of a thousand draws.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    pub(crate) fn position(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.position(choices.len())]
    }

    /// `len` characters of a link: letters and digits.
    pub(crate) fn letters(&mut self, len: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..len).map(|_| char::from(*self.pick(ALPHABET))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_three_give_the_same_numbers_and_each_counts() {
        let first = |seed, purpose, index| Draw::new(seed, purpose, index).number();
        assert_eq!(first(1, For::Text, 7), first(1, For::Text, 7));
        assert_ne!(first(1, For::Text, 7), first(2, For::Text, 7));
        assert_ne!(first(1, For::Text, 7), first(1, For::Place, 7));
        assert_ne!(first(1, For::Text, 7), first(1, For::Text, 8));
    }
}
