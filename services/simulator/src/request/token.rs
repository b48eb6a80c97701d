//! `next_token`: the id the next page lies below, and the walk it belongs to, in base32hex.
//!
//! It holds a position and no page number, so that it stays true while posts come and go.

use super::Pairs;
use crate::ids::PostId;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
/// Digits of 5 bits for a number of 64.
const DIGITS: usize = 13;

/// A token as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    position: PostId,
    walk: u64,
}

impl Token {
    /// Writes the token of the page below `position`.
    pub(crate) fn write(position: PostId, walk: u64) -> String {
        let digits = |number: u64| {
            (0..DIGITS).rev().map(move |n| {
                let digit = usize::try_from((number >> (5 * n)) & 31).unwrap_or(0);
                char::from(ALPHABET[digit])
            })
        };
        digits(position.0).chain(digits(walk)).collect()
    }

    /// Reads a token; `None` if this server never wrote it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let number = |text: &str| {
            text.bytes().try_fold(0_u64, |number, byte| {
                let digit = ALPHABET.iter().position(|known| *known == byte)?;
                Some((number << 5) | digit as u64)
            })
        };
        let (position, walk) = text.split_at_checked(DIGITS)?;
        let token = Self { text: text.into(), position: PostId(number(position)?), walk: number(walk)? };
        (Self::write(token.position, token.walk) == text).then_some(token)
    }

    /// The position, if the token was written in this walk.
    pub(crate) fn position_in(&self, walk: u64) -> Option<PostId> {
        (self.walk == walk).then_some(self.position)
    }
}

/// Names a walk by its parameters: a token is refused with others. The size of pages may change on the way.
pub(super) fn walk(pairs: &Pairs) -> u64 {
    const OF_A_PAGE: &[&str] = &["next_token", "pagination_token", "max_results"];
    let mut of_walk: Vec<_> = pairs.iter().filter(|(name, _)| !OF_A_PAGE.contains(&name.as_str())).collect();
    of_walk.sort();
    // FNV-1a, 64 bits: the same on every machine and in every version.
    let bytes =
        of_walk.iter().flat_map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes(), b"&"].concat());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
