//! Where a replay begins, as people write it.

use std::str::FromStr;

use bootstrap::DurationText;
use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::from_kafka::Start;

/// `--from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// The oldest retained batch.
    Earliest,
    /// A moment (milliseconds since 1970 UTC): the batches that Kafka took then or later.
    Moment(i64),
    /// That long before now.
    Ago(DurationText),
    /// Offsets, by partition; other partitions are left out.
    Offsets(Vec<(i32, i64)>),
}

/// Not a place to begin.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{0:?}: write `earliest`, a moment (2026-11-24T00:00:00Z), a length of time (36h), or offsets by partition (0:120,1:98)"
)]
pub struct FromError(String);

impl FromStr for From {
    type Err = FromError;

    fn from_str(text: &str) -> Result<Self, FromError> {
        if text == "earliest" {
            return Ok(Self::Earliest);
        }
        if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
            let ms = moment.unix_timestamp_nanos() / 1_000_000;
            return i64::try_from(ms).map(Self::Moment).map_err(|_| FromError(text.to_owned()));
        }
        if let Ok(ago) = text.parse() {
            return Ok(Self::Ago(ago));
        }
        offsets(text).map(Self::Offsets).ok_or_else(|| FromError(text.to_owned()))
    }
}

fn offsets(text: &str) -> Option<Vec<(i32, i64)>> {
    let pair = |pair: &str| {
        let (partition, offset) = pair.trim().split_once(':')?;
        Some((partition.parse().ok().filter(|p| *p >= 0)?, offset.parse().ok().filter(|o| *o >= 0)?))
    };
    text.split(',').map(pair).collect()
}

impl From {
    /// As the reader takes it.
    pub fn start(self, now_ms: i64) -> Start {
        match self {
            Self::Earliest => Start::Earliest,
            Self::Moment(moment) => Start::At(moment),
            Self::Ago(ago) => Start::At(now_ms - i64::try_from(ago.as_millis()).unwrap_or(now_ms)),
            Self::Offsets(offsets) => Start::Offsets(offsets),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_place_to_begin_in_each_of_its_ways() {
        assert_eq!("earliest".parse(), Ok(From::Earliest));
        assert_eq!("2026-11-24T00:00:00.500Z".parse(), Ok(From::Moment(1_795_478_400_500)));
        assert_eq!("0:120, 1:98".parse(), Ok(From::Offsets(vec![(0, 120), (1, 98)])));
        let ago: From = "36h".parse().unwrap();
        assert_eq!(ago.start(200_000_000), Start::At(200_000_000 - 36 * 3_600_000));
        for wrong in ["", "yesterday", "0:", "0:-3", "1"] {
            assert_eq!(wrong.parse::<From>(), Err(FromError(wrong.to_owned())));
        }
    }
}
