//! Hours of posts: the id of a post holds the millisecond it was posted in, so an hour is a range of ids.

use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// Milliseconds from 1970 to the ids' zero; 22 bits below the milliseconds count within them (X's Snowflake).
const EPOCH_MS: i64 = 1_288_834_974_657;
const BELOW: u32 = 22;
const HOUR_MS: i64 = 3_600_000;

/// An hour of UTC. Ids from before November 2010 hold no time and share the hour in which the ids begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i64);

impl Hour {
    /// Versions of a post lie within the time it can be edited, an hour at most for paying users: twice that, in hours.
    pub const OF_EDITS: i64 = 2;

    /// The hour a post was posted in.
    pub fn of(id: i64) -> Self {
        Self(((id.max(0) >> BELOW) + EPOCH_MS).div_euclid(HOUR_MS))
    }

    /// The hour a moment lies in.
    pub fn at(moment: OffsetDateTime) -> Self {
        Self(moment.unix_timestamp().div_euclid(3600))
    }

    /// The hour that begins at a value of a column `hour`.
    pub fn beginning(moment: PrimitiveDateTime) -> Self {
        Self::at(moment.assume_utc())
    }

    /// Its first moment.
    pub fn begin(self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::hours(self.0)
    }

    /// Its first moment, as a column holds it: UTC.
    pub fn column(self) -> PrimitiveDateTime {
        let begin = self.begin();
        PrimitiveDateTime::new(begin.date(), begin.time())
    }

    /// Ids of its posts: from the first, to before the second.
    pub fn ids(self) -> (i64, i64) {
        (Self::first_id(self.0), Self::first_id(self.0 + 1))
    }

    /// So many hours earlier.
    #[must_use]
    pub fn earlier(self, hours: i64) -> Self {
        Self(self.0 - hours)
    }

    fn first_id(hour: i64) -> i64 {
        (hour * HOUR_MS - EPOCH_MS).max(0) << BELOW
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::Hour;

    #[test]
    fn an_id_lies_among_those_of_its_hour() {
        // A post of 2020-03-23 21:46:40 UTC.
        let id = (1_585_000_000_123 - super::EPOCH_MS) << super::BELOW;
        let hour = Hour::of(id + 77);
        assert_eq!(hour.column(), datetime!(2020-03-23 21:00));
        assert_eq!(Hour::beginning(hour.column()), hour);
        let (low, high) = hour.ids();
        assert!((low..high).contains(&id));
        assert_eq!((Hour::of(low), Hour::of(high - 1), Hour::of(high)), (hour, hour, hour.earlier(-1)));
    }

    #[test]
    fn ids_without_a_time_share_one_hour() {
        for id in [i64::MIN, -1, 0, 20, 29_700_859_247] {
            let (low, high) = Hour::of(id).ids();
            assert!(low == 0 && (low..high).contains(&id.max(0)), "{id}");
        }
        assert!(Hour::of(i64::MAX).begin() > datetime!(2079-01-01 0:00 UTC));
    }
}
