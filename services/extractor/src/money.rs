//! Dollars, prices and the daily limit. Pure: days and costs are given.

mod ledger;
mod price;
#[cfg(test)]
mod tests;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

pub use ledger::{Ledger, Room};
pub use price::{Bill, Prices, worst_page};

/// Millionths of a dollar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UsdMicros(pub i64);

impl UsdMicros {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// This many times as much.
    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// What is left of it, nothing at least.
    pub fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }

    /// In dollars, for people and metrics.
    #[expect(clippy::cast_precision_loss, reason = "exact below 9 billion dollars")]
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 1e6
    }
}

impl Add for UsdMicros {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for UsdMicros {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for UsdMicros {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// `$2.55`, with as many further digits as there are.
impl fmt::Display for UsdMicros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents_of_micros = format!("{:06}", self.0.unsigned_abs() % 1_000_000);
        let digits = cents_of_micros.trim_end_matches('0').len().max(2);
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}${}.{}", self.0.unsigned_abs() / 1_000_000, &cents_of_micros[..digits])
    }
}

/// Not an amount of dollars.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no amount of dollars; write such as 5 or 2.55, with at most 6 decimals")]
pub struct UsdError(String);

impl FromStr for UsdMicros {
    type Err = UsdError;

    fn from_str(text: &str) -> Result<Self, UsdError> {
        let error = || UsdError(text.to_owned());
        let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 6 {
            return Err(error());
        }
        let whole: i64 = whole.parse().map_err(|_| error())?;
        let micros: i64 = format!("{decimals:0<6}").parse().map_err(|_| error())?;
        whole.checked_mul(1_000_000).and_then(|whole| whole.checked_add(micros)).map(Self).ok_or_else(error)
    }
}

impl<'de> Deserialize<'de> for UsdMicros {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Amount;
        impl de::Visitor<'_> for Amount {
            type Value = UsdMicros;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount of dollars such as 2.55")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<UsdMicros, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, dollars: i64) -> Result<UsdMicros, E> {
                self.visit_str(&dollars.to_string())
            }

            fn visit_u64<E: de::Error>(self, dollars: u64) -> Result<UsdMicros, E> {
                self.visit_str(&dollars.to_string())
            }

            // The shortest text that reads as this number is what was written.
            fn visit_f64<E: de::Error>(self, dollars: f64) -> Result<UsdMicros, E> {
                self.visit_str(&dollars.to_string())
            }
        }
        deserializer.deserialize_any(Amount)
    }
}
