//! The days a report is about.

use time::{Date, Duration, format_description::BorrowedFormatItem, macros::format_description};

use super::ReportError;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// Days of a report where no begin is given.
const USUAL: i64 = 7;
/// Up to so many days, hours are drawn too.
const SHORT: i64 = 7;
/// Up to so many days, a point is a day; beyond, a month.
const BY_DAY: i64 = 92;

/// Days from the first to the last, both included, in the analysts' time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day, not before the first.
    pub to: Date,
}

impl Period {
    /// The period asked for; what is not given follows from `latest`, the newest day that holds posts, and `today`.
    ///
    /// Without either day: seven days up to the newest that holds posts.
    ///
    /// # Errors
    /// It would end before it begins.
    pub fn asked(
        from: Option<Date>,
        to: Option<Date>,
        latest: Option<Date>,
        today: Date,
    ) -> Result<Self, ReportError> {
        let newest = latest.unwrap_or(today);
        let to = to.unwrap_or_else(|| newest.max(from.unwrap_or(newest)));
        let from = from.unwrap_or_else(|| to.saturating_sub(Duration::days(USUAL - 1)));
        if from > to { Err(ReportError::Backwards { from, to }) } else { Ok(Self { from, to }) }
    }

    /// How many days.
    pub fn days(&self) -> i64 {
        (self.to - self.from).whole_days() + 1
    }

    /// Whether hours are worth a chart.
    pub fn is_short(&self) -> bool {
        self.days() <= SHORT
    }

    /// The points of a chart over the period: its days, or the first days of its months where it is long.
    pub fn points(&self) -> Vec<Date> {
        let mut points = Vec::new();
        let mut day = Some(self.from);
        while let Some(at) = day.filter(|at| *at <= self.to) {
            let point = self.point(at);
            if points.last() != Some(&point) {
                points.push(point);
            }
            day = at.next_day();
        }
        points
    }

    /// The point a day belongs to.
    pub fn point(&self, day: Date) -> Date {
        if self.by_month() { day.replace_day(1).unwrap_or(day) } else { day }
    }

    /// Whether a point is a month.
    pub fn by_month(&self) -> bool {
        self.days() > BY_DAY
    }
}

/// A day of the command line: `2026-11-26`.
///
/// # Errors
/// It is none; in words.
pub fn day(text: &str) -> Result<Date, String> {
    Date::parse(text, DAY).map_err(|error| format!("a day is written like 2026-11-26 ({error})"))
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    const TODAY: Date = date!(2026 - 12 - 24);

    #[test]
    fn without_days_it_is_the_seven_days_up_to_the_newest_that_holds_posts() {
        let period = Period::asked(None, None, Some(date!(2026 - 11 - 26)), TODAY).unwrap();
        assert_eq!(period, Period { from: date!(2026 - 11 - 20), to: date!(2026 - 11 - 26) });
        assert_eq!(Period::asked(None, None, None, TODAY).unwrap().to, TODAY);
        let period = Period::asked(None, Some(date!(2020 - 03 - 01)), None, TODAY).unwrap();
        assert_eq!(period.from, date!(2020 - 02 - 24));
        let period = Period::asked(Some(TODAY), None, Some(date!(2026 - 11 - 26)), TODAY).unwrap();
        assert_eq!(period, Period { from: TODAY, to: TODAY });
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused() {
        let error = Period::asked(Some(TODAY), Some(date!(2026 - 12 - 23)), None, TODAY).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the period ends (--to 2026-12-23) before it begins (--from 2026-12-24): give them the other way round"
        );
    }

    #[test]
    fn a_long_period_is_drawn_by_month_and_loses_no_day() {
        let period = Period { from: date!(2026 - 01 - 31), to: date!(2026 - 05 - 02) };
        assert_eq!((period.days(), period.by_month()), (92, false));
        assert_eq!(period.points().len(), 92);
        let period = Period { to: date!(2026 - 05 - 03), ..period };
        let months: Vec<u8> = period.points().iter().map(|point| u8::from(point.month())).collect();
        assert_eq!(months, [1, 2, 3, 4, 5]);
        assert_eq!(period.point(date!(2026 - 01 - 31)), date!(2026 - 01 - 01));
    }

    #[test]
    fn a_day_that_is_none_is_told_how_one_is_written() {
        assert_eq!(day("2026-11-26"), Ok(date!(2026 - 11 - 26)));
        assert!(day("26/11/2026").unwrap_err().starts_with("a day is written like 2026-11-26"));
    }
}
