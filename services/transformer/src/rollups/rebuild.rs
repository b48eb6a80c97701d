//! `transformer rollups roll | rebuild`: what the roller does, now and with progress.

use std::process::ExitCode;
use std::str::FromStr;

use indicatif::{ProgressBar, ProgressStyle};
use thiserror::Error;
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use super::{RollupError, RollupSettings, Rollups, doing, questions::QUESTIONS, roll::run};
use crate::{rows::Hour, to_mysql::MysqlSettings};

/// `--since`: everything, or posts from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since(pub(crate) Option<OffsetDateTime>);

/// Not a moment.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?}: write `earliest`, a day (2026-11-24) or a moment (2026-11-24T00:00:00Z)")]
pub struct SinceError(String);

impl FromStr for Since {
    type Err = SinceError;

    fn from_str(text: &str) -> Result<Self, SinceError> {
        if text == "earliest" {
            return Ok(Self(None));
        }
        let day = |text| Date::parse(text, format_description!("[year]-[month]-[day]")).ok();
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok();
        let moment = moment.or_else(|| day(text).map(|day| day.midnight().assume_utc()));
        moment.map(|moment| Self(Some(moment))).ok_or_else(|| SinceError(text.to_owned()))
    }
}

impl Since {
    /// The first hour, and the lowest id of a post in it.
    pub(crate) fn first(self) -> (Hour, i64) {
        let hour = self.0.map_or_else(|| Hour::of(0), Hour::at);
        (hour, hour.ids().0)
    }
}

/// Makes what is marked, now; 1 if it was interrupted.
///
/// # Errors
/// As [`Rollups::roll`].
pub async fn roll_now(mysql: &MysqlSettings, settings: &RollupSettings) -> Result<ExitCode, RollupError> {
    with_progress(&Rollups::connect(mysql, settings).await?).await
}

/// Marks every hour since a moment and makes it again; 1 if it was interrupted. In another time zone than before all
/// rollups are cleared first, and `since` is left out of account.
///
/// # Errors
/// As [`Rollups::roll`].
pub async fn rebuild(
    mysql: &MysqlSettings,
    settings: &RollupSettings,
    since: Since,
) -> Result<ExitCode, RollupError> {
    let rollups = Rollups::connect(mysql, settings).await?;
    let stored = rollups.stored_timezone().await?;
    let other = stored.filter(|stored| stored != rollups.calendar.name());
    if let Some(other) = &other {
        println!("from {other} to {}: all rollups are cleared and made again", rollups.calendar.name());
        rollups.clear().await?;
    }
    rollups.mark(if other.is_some() { Since(None) } else { since }).await?;
    with_progress(&rollups).await
}

async fn with_progress(rollups: &Rollups) -> Result<ExitCode, RollupError> {
    let stop = bootstrap::stop_on_signals().map_err(RollupError::Signals)?;
    let hours: usize = rollups.days().await?.values().map(std::collections::BTreeSet::len).sum();
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} hours, {eta} left");
    let bar =
        ProgressBar::new(hours as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let rolled = rollups
        .roll(|hours| {
            bar.inc(hours as u64);
            !stop.is_cancelled()
        })
        .await;
    bar.finish_and_clear();
    let rolled = rolled?;
    println!("{} hours made, asked for by {} marks", rolled.hours, rolled.marks);
    if stop.is_cancelled() {
        println!("interrupted: start it again to make the rest");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

impl Rollups {
    async fn stored_timezone(&self) -> Result<Option<String>, RollupError> {
        sqlx::query_scalar("SELECT value FROM report_settings WHERE name = 'report_timezone'")
            .fetch_optional(&self.pool)
            .await
            .map_err(doing("reading report_settings"))
    }

    /// Marks all hours that hold or held posts.
    async fn mark(&self, since: Since) -> Result<(), RollupError> {
        let (hour, id) = since.first();
        let mut connection = self.pool.acquire().await.map_err(doing("connect"))?;
        let mark = sqlx::query(include_str!("sql/mark_all.sql")).bind(id).bind(hour.column());
        run(&mut connection, "rollup_marks", mark).await
    }

    /// Forgets all rollups and takes the time zone of the settings.
    async fn clear(&self) -> Result<(), RollupError> {
        let mut transaction = self.pool.begin().await.map_err(doing("BEGIN"))?;
        self.set_timezone(&mut transaction).await?;
        for question in &QUESTIONS {
            run(&mut transaction, question.hour_table, sqlx::query(question.clear_hours)).await?;
            run(&mut transaction, question.day_table, sqlx::query(question.clear_days)).await?;
        }
        transaction.commit().await.map_err(doing("COMMIT"))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::Since;

    #[test]
    fn a_day_or_a_moment_is_taken_and_all_else_refused_with_examples() {
        assert_eq!("earliest".parse(), Ok(Since(None)));
        assert_eq!("2026-11-24".parse(), Ok(Since(Some(datetime!(2026-11-24 0:00 UTC)))));
        assert_eq!("2026-11-24T10:00:00-03:00".parse(), Ok(Since(Some(datetime!(2026-11-24 13:00 UTC)))));
        let told = "yesterday".parse::<Since>().unwrap_err().to_string();
        assert!(told.contains("\"yesterday\": write `earliest`"), "{told}");
    }
}
