//! Days and hours of the analysts: which day an hour of UTC belongs to, and which hours a day has.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use thiserror::Error;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::rows::Hour;

/// A time zone whose hours are hours of UTC.
#[derive(Debug, Clone)]
pub struct Calendar {
    name: String,
    zone: TimeZone,
}

/// Not a time zone rollups can be made in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// No such zone.
    #[error("rollups.report_timezone: {0:?} is no IANA time zone; write such as America/Sao_Paulo or UTC")]
    Unknown(String),
    /// Its hours begin within hours of UTC.
    #[error(
        "rollups.report_timezone: {0} differs from UTC by no whole hours, and rollups are made of hours of UTC; \
         take a neighbouring zone"
    )]
    BrokenHours(String),
}

/// Years whose offsets are looked at: X began in 2006.
const YEARS: std::ops::RangeInclusive<i16> = 2006..=2040;

impl Calendar {
    /// The zone of this name, from the tz database that is built in.
    ///
    /// # Errors
    /// There is none, or its hours are not those of UTC.
    pub fn of(name: &str) -> Result<Self, CalendarError> {
        let zone = TimeZone::get(name).map_err(|_| CalendarError::Unknown(name.to_owned()))?;
        let calendar = Self { name: name.to_owned(), zone };
        for year in YEARS {
            for month in 1..=12 {
                let first = Date::new(year, month, 1).map(|date| calendar.begin(date).as_second());
                if first.is_ok_and(|seconds| seconds % 3600 != 0) {
                    return Err(CalendarError::BrokenHours(name.to_owned()));
                }
            }
        }
        Ok(calendar)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day an hour belongs to.
    pub fn day(&self, hour: Hour) -> Day {
        Day(self.local(hour.begin()).date())
    }

    /// What a clock of the zone shows when the hour begins.
    pub fn local_hour(&self, hour: Hour) -> PrimitiveDateTime {
        let shown = self.local(hour.begin());
        // A time that exists is one the other crate can hold, too.
        let date = column(shown.date()).unwrap_or(time::Date::MIN);
        let at = time::Time::from_hms(shown.hour().unsigned_abs(), shown.minute().unsigned_abs(), 0);
        PrimitiveDateTime::new(date, at.unwrap_or(time::Time::MIDNIGHT))
    }

    /// The hours of a day: from the first, to before the second.
    pub fn hours(&self, day: Day) -> (Hour, Hour) {
        let hour = |date: Date| Hour::at(moment(self.begin(date)));
        (hour(day.0), hour(day.0.tomorrow().unwrap_or(day.0)))
    }

    /// Where midnight is skipped, the day begins with the hour after it.
    fn begin(&self, date: Date) -> Timestamp {
        self.zone.to_timestamp(date.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn local(&self, at: OffsetDateTime) -> jiff::civil::DateTime {
        let at = Timestamp::from_second(at.unix_timestamp()).unwrap_or_default();
        self.zone.to_datetime(at)
    }
}

/// A day of the analysts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// As a column holds it.
    pub fn column(self) -> time::Date {
        column(self.0).unwrap_or(time::Date::MIN)
    }
}

fn column(date: Date) -> Option<time::Date> {
    let month = time::Month::try_from(date.month().unsigned_abs()).ok()?;
    time::Date::from_calendar_date(i32::from(date.year()), month, date.day().unsigned_abs()).ok()
}

fn moment(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.as_second()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    fn hour(at: OffsetDateTime) -> Hour {
        Hour::at(at)
    }

    #[test]
    fn an_evening_in_sao_paulo_is_the_next_day_in_utc() {
        let calendar = Calendar::of("America/Sao_Paulo").unwrap();
        let late = hour(datetime!(2026-11-27 02:00 UTC));
        assert_eq!(calendar.day(late).column(), date!(2026 - 11 - 26));
        assert_eq!(calendar.local_hour(late), datetime!(2026-11-26 23:00));
        let (first, end) = calendar.hours(calendar.day(late));
        assert_eq!(first.column(), datetime!(2026-11-26 03:00));
        assert_eq!(end.column(), datetime!(2026-11-27 03:00));
    }

    #[test]
    fn a_day_without_midnight_begins_an_hour_later_and_has_23_hours() {
        // Brazil's summer time began at midnight of 2018-11-04.
        let calendar = Calendar::of("America/Sao_Paulo").unwrap();
        let day = calendar.day(hour(datetime!(2018-11-04 12:00 UTC)));
        let (first, end) = calendar.hours(day);
        assert_eq!(first.column(), datetime!(2018-11-04 03:00));
        assert_eq!(calendar.local_hour(first), datetime!(2018-11-04 01:00));
        assert_eq!(end.begin() - first.begin(), time::Duration::hours(23));
    }

    #[test]
    fn every_hour_lies_in_its_own_day() {
        for name in ["America/Sao_Paulo", "Europe/Berlin", "UTC"] {
            let calendar = Calendar::of(name).unwrap();
            let begin = hour(datetime!(2018-01-01 0:00 UTC));
            for later in 0..366 * 24 {
                let hour = begin.earlier(-later);
                let (first, end) = calendar.hours(calendar.day(hour));
                assert!(first <= hour && hour < end, "{name} {hour:?}");
            }
        }
    }

    #[test]
    fn what_is_no_zone_or_has_broken_hours_is_refused_by_name() {
        let told = |name: &str| Calendar::of(name).unwrap_err().to_string();
        assert!(told("Brazil/Nowhere").contains("\"Brazil/Nowhere\" is no IANA time zone"));
        assert!(told("Asia/Kolkata").contains("Asia/Kolkata differs from UTC by no whole hours"));
    }
}
