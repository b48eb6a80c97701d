//! Moments and figures as MySQL takes them.

use thiserror::Error;
use time::{OffsetDateTime, PrimitiveDateTime};

/// A value no column can hold: bad data, known before MySQL is asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A moment outside of what `DATETIME` holds.
    #[error("{field}: {milliseconds} ms since 1970 lies outside of the years 1000 to 9999")]
    Moment {
        /// Field of the record.
        field: &'static str,
        /// As it came.
        milliseconds: i64,
    },
    /// Infinite or no number.
    #[error("{field} is no finite number")]
    Number {
        /// Field of the record.
        field: &'static str,
    },
    /// `extra` is no JSON.
    #[error("{field} is no JSON: {reason}")]
    Json {
        /// Field of the record.
        field: &'static str,
        /// What the parser said.
        reason: String,
    },
}

pub(crate) fn moment(field: &'static str, milliseconds: i64) -> Result<PrimitiveDateTime, Refusal> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
        .ok()
        .filter(|moment| (1000..=9999).contains(&moment.year()))
        .map(|moment| PrimitiveDateTime::new(moment.date(), moment.time()))
        .ok_or(Refusal::Moment { field, milliseconds })
}

pub(super) fn moment_if(
    field: &'static str,
    milliseconds: Option<i64>,
) -> Result<Option<PrimitiveDateTime>, Refusal> {
    milliseconds.map(|milliseconds| moment(field, milliseconds)).transpose()
}

pub(super) fn finite(field: &'static str, number: f64) -> Result<f64, Refusal> {
    if number.is_finite() { Ok(number) } else { Err(Refusal::Number { field }) }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::moment;

    #[test]
    fn keeps_milliseconds_and_refuses_what_no_column_holds() {
        assert_eq!(moment("at", 1_585_000_000_123), Ok(datetime!(2020-03-23 21:46:40.123)));
        for outside in [i64::MAX, i64::MIN, -40_000_000_000_000, 260_000_000_000_000_000] {
            assert!(moment("at", outside).is_err(), "{outside}");
        }
    }
}
