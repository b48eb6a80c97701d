//! X's clock, known by the `Date` of its answers.

use std::time::{Duration, Instant};

use time::{Date, OffsetDateTime};

/// X's clock, between bounds: the `Date` of an answer is cut to the second, and was written after the request was sent
/// and before the answer was here.
#[derive(Clone, Copy, Debug)]
pub struct XClock {
    date: OffsetDateTime,
    sent: Instant,
    received: Instant,
}

impl XClock {
    /// From the `Date` of an answer, and when its request was sent and it was received here.
    pub fn of(date: OffsetDateTime, sent: Instant, received: Instant) -> Self {
        Self { date, sent, received }
    }

    /// It is at least this late at X. Taken as X's time, so that nothing is asked for too early.
    pub fn now(&self) -> OffsetDateTime {
        self.date + self.received.elapsed()
    }

    /// It is at most this late at X.
    pub fn latest(&self) -> OffsetDateTime {
        self.date + Duration::from_secs(1) + self.sent.elapsed()
    }

    /// X's UTC day, or how long until it is certain: within a second of midnight nobody here knows which day X
    /// bills.
    pub fn day(&self) -> Result<Date, Duration> {
        let (now, latest) = (self.now(), self.latest());
        if now.date() == latest.date() {
            return Ok(now.date());
        }
        Err(until_midnight(now) + Duration::from_millis(10))
    }
}

/// From this time to the next UTC midnight.
pub fn until_midnight(now: OffsetDateTime) -> Duration {
    let midnight = now.date().saturating_add(time::Duration::DAY).midnight().assume_utc();
    Duration::try_from(midnight - now).unwrap_or_default()
}

/// Milliseconds since 1970.
pub fn millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX)
}

/// The local clock, milliseconds since 1970.
pub fn local_millis() -> i64 {
    millis(OffsetDateTime::now_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    fn clock(date: OffsetDateTime) -> XClock {
        let now = Instant::now();
        XClock::of(date, now, now)
    }

    #[test]
    fn the_day_is_unknown_within_a_second_of_midnight() {
        assert_eq!(clock(datetime!(2026-11-24 12:00:00 UTC)).day(), Ok(date!(2026 - 11 - 24)));
        let wait = clock(datetime!(2026-11-24 23:59:59 UTC)).day().unwrap_err();
        assert!(wait > Duration::from_millis(500) && wait <= Duration::from_millis(1010), "{wait:?}");
        assert_eq!(clock(datetime!(2026-11-25 00:00:00 UTC)).day(), Ok(date!(2026 - 11 - 25)));
    }
}
