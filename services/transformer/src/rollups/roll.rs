//! One round: every marked hour and its day, a day a transaction, by whoever holds the lock.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use sqlx::{Connection as _, MySqlConnection, MySqlPool, mysql::MySqlDatabaseError};
use time::PrimitiveDateTime;
use tokio::time::timeout;

use super::{
    Calendar, RollupError, RollupSettings,
    calendar::Day,
    doing,
    questions::{QUESTIONS, Question},
};
use crate::{
    rows::Hour,
    to_mysql::{MysqlSettings, give_up, pool},
};

const LOCKED: u16 = 3572;

/// Makes rollups. READ COMMITTED: what a statement reads is at least as new as the marks read before it.
#[derive(Debug, Clone)]
pub struct Rollups {
    pub(super) pool: MySqlPool,
    pub(super) calendar: Calendar,
    answer_within: Duration,
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rolled {
    /// Hours made again.
    pub hours: usize,
    /// Marks that asked for them.
    pub marks: usize,
}

impl Rollups {
    /// Connects, on one connection of its own.
    ///
    /// # Errors
    /// The time zone, or the server.
    pub async fn connect(mysql: &MysqlSettings, settings: &RollupSettings) -> Result<Self, RollupError> {
        let calendar = Calendar::of(&settings.report_timezone)?;
        Ok(Self { pool: pool(mysql, 1).await?, calendar, answer_within: mysql.answer_within.0 })
    }

    /// Makes every marked hour again, oldest first; `each` hears of the hours of each day that is done and says
    /// whether to go on.
    ///
    /// # Errors
    /// Another roller is at work, the time zone is another one, or MySQL.
    pub async fn roll(&self, mut each: impl FnMut(usize) -> bool) -> Result<Rolled, RollupError> {
        let mut rolled = Rolled::default();
        for (day, hours) in self.days().await? {
            let marks = self.day(day, &hours).await?;
            rolled.hours += hours.len();
            rolled.marks += marks;
            if !each(hours.len()) {
                break;
            }
        }
        Ok(rolled)
    }

    /// Marked hours, by their day.
    pub(super) async fn days(&self) -> Result<BTreeMap<Day, BTreeSet<Hour>>, RollupError> {
        let mut connection = self.pool.acquire().await.map_err(doing("connect"))?;
        let read = sqlx::query_scalar("SELECT DISTINCT hour FROM rollup_marks").fetch_all(&mut *connection);
        let hours: Vec<PrimitiveDateTime> = match timeout(self.answer_within, read).await {
            Ok(read) => read.map_err(doing("reading marks"))?,
            Err(_) => return Err(doing("reading marks")(give_up(connection, self.answer_within))),
        };
        let mut days: BTreeMap<Day, BTreeSet<Hour>> = BTreeMap::new();
        for hour in hours.into_iter().map(Hour::beginning) {
            days.entry(self.calendar.day(hour)).or_default().insert(hour);
        }
        Ok(days)
    }

    /// Hours of one day, then the day; returns the marks it was asked by.
    async fn day(&self, day: Day, hours: &BTreeSet<Hour>) -> Result<usize, RollupError> {
        let mut connection = self.pool.acquire().await.map_err(doing("connect"))?;
        match timeout(self.answer_within, self.day_on(&mut connection, day, hours)).await {
            Ok(made) => made,
            Err(_) => Err(doing("a day")(give_up(connection, self.answer_within))),
        }
    }

    async fn day_on(
        &self,
        connection: &mut MySqlConnection,
        day: Day,
        hours: &BTreeSet<Hour>,
    ) -> Result<usize, RollupError> {
        let mut transaction = connection.begin().await.map_err(doing("BEGIN"))?;
        self.lock(&mut transaction).await?;
        let mut marks = Vec::new();
        for hour in hours {
            // Read before the posts: what is marked later is made again later.
            let read: Vec<Vec<u8>> = sqlx::query_scalar("SELECT mark FROM rollup_marks WHERE hour = ?")
                .bind(hour.column())
                .fetch_all(&mut *transaction)
                .await
                .map_err(doing("reading marks"))?;
            for question in &QUESTIONS {
                self.hour(&mut transaction, question, *hour).await?;
            }
            marks.push((*hour, read));
        }
        let (first, end) = self.calendar.hours(day);
        for question in &QUESTIONS {
            run(&mut transaction, question.day_table, sqlx::query(question.delete_day).bind(day.column()))
                .await?;
            let insert = sqlx::query(question.insert_day);
            let insert = insert.bind(day.column()).bind(first.column()).bind(end.column());
            run(&mut transaction, question.day_table, insert).await?;
        }
        for (hour, read) in &marks {
            forget(&mut transaction, *hour, read).await?;
        }
        transaction.commit().await.map_err(doing("COMMIT"))?;
        Ok(marks.iter().map(|(_, read)| read.len()).sum())
    }

    /// The row of the time zone is the lock; it goes with the transaction, and with a roller that dies.
    async fn lock(&self, connection: &mut MySqlConnection) -> Result<(), RollupError> {
        let name = self.calendar.name();
        let stored: Result<Option<String>, _> =
            sqlx::query_scalar(include_str!("sql/lock.sql")).fetch_optional(&mut *connection).await;
        let stored = match stored {
            Err(error) if number(&error) == Some(LOCKED) => return Err(RollupError::Busy),
            stored => stored.map_err(doing("locking the rollups"))?,
        };
        match stored {
            Some(stored) if stored == name => Ok(()),
            Some(stored) => Err(RollupError::OtherTimezone { stored, configured: name.to_owned() }),
            None => self.set_timezone(connection).await,
        }
    }

    /// Records the time zone the rollups are made in.
    pub(super) async fn set_timezone(&self, connection: &mut MySqlConnection) -> Result<(), RollupError> {
        let set = sqlx::query(include_str!("sql/set_timezone.sql")).bind(self.calendar.name());
        run(connection, "report_settings", set).await
    }

    async fn hour(
        &self,
        connection: &mut MySqlConnection,
        question: &'static Question,
        hour: Hour,
    ) -> Result<(), RollupError> {
        let delete = sqlx::query(question.delete_hour).bind(hour.column());
        run(connection, question.hour_table, delete).await?;
        let (low, high) = hour.ids();
        let (first_low, _) = hour.earlier(Hour::OF_EDITS).ids();
        let insert = sqlx::query(question.insert_hour())
            .bind(low)
            .bind(high)
            .bind(first_low)
            .bind(high)
            .bind(hour.column())
            .bind(self.calendar.local_hour(hour));
        run(connection, question.hour_table, insert).await
    }
}

/// Deletes exactly the marks that were read, each by its whole key: a scan would wait for marks not yet committed.
async fn forget(connection: &mut MySqlConnection, hour: Hour, marks: &[Vec<u8>]) -> Result<(), RollupError> {
    for mark in marks {
        let delete = sqlx::query("DELETE FROM rollup_marks WHERE hour = ? AND mark = ?");
        run(connection, "rollup_marks", delete.bind(hour.column()).bind(mark.as_slice())).await?;
    }
    Ok(())
}

pub(super) async fn run(
    connection: &mut MySqlConnection,
    table: &'static str,
    query: sqlx::query::Query<'_, sqlx::MySql, sqlx::mysql::MySqlArguments>,
) -> Result<(), RollupError> {
    query.execute(connection).await.map(|_| ()).map_err(doing(table))
}

fn number(error: &sqlx::Error) -> Option<u16> {
    let server = error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?;
    Some(server.number())
}
