//! X's clock as the simulator tells it: a chosen start, ticking with this machine's monotonic clock.

use std::fmt;
use std::time::{Duration, Instant};

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// A point in time, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMs(pub i64);

impl UnixMs {
    /// The machine's own time.
    pub fn of_this_machine() -> Self {
        Self::of(OffsetDateTime::now_utc())
    }

    /// The millisecond of a date.
    pub fn of(at: OffsetDateTime) -> Self {
        Self(at.unix_timestamp() * 1000 + i64::from(at.millisecond()))
    }

    /// Reads RFC 3339, with or without a fraction; `None` if it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339).ok().map(|at| Self::of(at.to_offset(UtcOffset::UTC)))
    }

    /// This time and `by` later.
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(millis(by)))
    }

    /// This time and `by` earlier.
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(millis(by)))
    }

    /// The beginning of the second, as X gives `created_at`.
    pub fn whole_second(self) -> Self {
        Self(self.0.div_euclid(1000) * 1000)
    }

    /// Seconds since the Unix epoch.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The UTC day as days since the Unix epoch: the day X bills by.
    pub fn day(self) -> i64 {
        self.0.div_euclid(86_400_000)
    }

    /// The UTC day as `2021-04-13`.
    pub fn day_text(self) -> String {
        self.date().date().to_string()
    }

    /// `Tue, 13 Apr 2021 12:00:00 GMT`, as the `Date` header has it.
    pub fn http_date(self) -> String {
        let at = self.date();
        let (weekday, month) = (at.weekday().to_string(), at.month().to_string());
        format!(
            "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
            &weekday[..3],
            at.day(),
            &month[..3],
            at.year(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }

    fn date(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

impl fmt::Display for UnixMs {
    /// `2021-04-13T12:00:00.000Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.date();
        write!(
            f,
            "{}T{:02}:{:02}:{:02}.{:03}Z",
            at.date(),
            at.hour(),
            at.minute(),
            at.second(),
            at.millisecond()
        )
    }
}

/// A duration in whole milliseconds.
pub(crate) fn millis(by: Duration) -> i64 {
    i64::try_from(by.as_millis()).unwrap_or(i64::MAX)
}

/// Begins at a chosen time and ticks from then on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: UnixMs,
    began: Instant,
}

impl Clock {
    /// A clock that shows `start` now.
    pub(crate) fn starting_at(start: UnixMs) -> Self {
        Self { start, began: Instant::now() }
    }

    /// What the clock showed when it was started.
    pub(crate) fn start(&self) -> UnixMs {
        self.start
    }

    /// What the clock shows now.
    pub(crate) fn now(&self) -> UnixMs {
        self.start.plus(self.began.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_times_as_x_does() {
        let at = UnixMs::parse("2021-09-22T16:37:29.045Z").unwrap();
        assert_eq!(at.to_string(), "2021-09-22T16:37:29.045Z");
        assert_eq!(at.whole_second().to_string(), "2021-09-22T16:37:29.000Z");
        assert_eq!(at.http_date(), "Wed, 22 Sep 2021 16:37:29 GMT");
        assert_eq!(at.day_text(), "2021-09-22");
    }

    #[test]
    fn reads_other_offsets_and_refuses_what_is_no_time() {
        assert_eq!(UnixMs::parse("2021-09-22T13:37:29-03:00"), UnixMs::parse("2021-09-22T16:37:29Z"));
        assert_eq!(UnixMs::parse("2021-09-22"), None);
    }
}
