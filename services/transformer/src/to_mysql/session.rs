//! One transaction's connection: rows of one table after another, and how long each table's took.

use std::time::Instant;

use sqlx::{
    MySqlConnection, Row as _,
    mysql::{MySqlArguments, MySqlRow},
};
use tracing::Span;

use super::{
    failure::Failure,
    spans,
    statement::{LARGEST, Statement, size_for},
    values::{Bind, Values},
};

/// A statement with more bytes than this carries fewer rows; the server's `max_allowed_packet` is 64 MiB by default.
const BYTES_PER_STATEMENT: usize = 4 * 1024 * 1024;

/// How an error of this statement reads: `Failure::of` and its sisters.
pub(super) type Read = fn(&'static str, sqlx::Error) -> Failure;

/// A connection within a transaction.
pub(super) struct Session<'c> {
    connection: &'c mut MySqlConnection,
    /// Told what was done.
    write: &'c Span,
    rows_per_statement: usize,
}

impl<'c> Session<'c> {
    pub(super) fn new(
        connection: &'c mut MySqlConnection,
        write: &'c Span,
        rows_per_statement: usize,
    ) -> Self {
        Self { connection, write, rows_per_statement }
    }

    /// Sends all rows, in statements of a few fixed sizes.
    pub(super) async fn rows<R: Bind>(
        &mut self,
        statement: &'static Statement,
        rows: &[R],
        read: Read,
    ) -> Result<(), Failure> {
        let (mut left, began) = (rows, Instant::now());
        while !left.is_empty() {
            let (now, later) = left.split_at(chunk(left, self.rows_per_statement));
            let mut values = Values::default();
            now.iter().for_each(|row| row.bind(&mut values));
            let arguments = values.finish().map_err(|error| Failure::of(statement.name, error))?;
            self.run(statement, now.len(), arguments, read).await?;
            left = later;
        }
        spans::done(self.write, statement.name, rows.len(), began);
        Ok(())
    }

    /// Runs a statement over ids, the last one repeated up to one of the fixed sizes.
    pub(super) async fn ids<T>(&mut self, statement: &'static Statement, ids: &[T]) -> Result<(), Failure>
    where
        T: Clone + for<'q> sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql>,
    {
        let began = Instant::now();
        for now in ids.chunks(LARGEST) {
            let (size, arguments) = padded(now);
            self.run(statement, size, arguments, Failure::of).await?;
        }
        spans::done(self.write, statement.name, ids.len(), began);
        Ok(())
    }

    /// As [`Session::ids`], with an answer.
    pub(super) async fn select<T>(
        &mut self,
        statement: &'static Statement,
        keys: &[T],
        mut each: impl FnMut(&MySqlRow) -> Result<(), sqlx::Error>,
    ) -> Result<(), Failure>
    where
        T: Clone + for<'q> sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql>,
    {
        let failed = |error| Failure::of(statement.name, error);
        let began = Instant::now();
        for now in keys.chunks(LARGEST) {
            let (size, arguments) = padded(now);
            let query = sqlx::query_with(statement.sql(size), arguments);
            let found = query.fetch_all(&mut *self.connection).await.map_err(failed)?;
            found.iter().try_for_each(&mut each).map_err(failed)?;
        }
        spans::done(self.write, statement.name, keys.len(), began);
        Ok(())
    }

    /// Runs one plain statement, such as a savepoint's.
    pub(super) async fn plain(&mut self, sql: &'static str) -> Result<(), Failure> {
        sqlx::raw_sql(sql)
            .execute(&mut *self.connection)
            .await
            .map(|_| ())
            .map_err(|error| Failure::of(sql, error))
    }

    /// Runs one statement with its values.
    pub(super) async fn with(&mut self, sql: &'static str, values: Values) -> Result<(), Failure> {
        let arguments = values.finish().map_err(|error| Failure::of(sql, error))?;
        let query = sqlx::query_with(sql, arguments);
        query.execute(&mut *self.connection).await.map(|_| ()).map_err(|error| Failure::of(sql, error))
    }

    async fn run(
        &mut self,
        statement: &'static Statement,
        size: usize,
        arguments: MySqlArguments,
        read: Read,
    ) -> Result<(), Failure> {
        let query = sqlx::query_with(statement.sql(size), arguments);
        let done = query.execute(&mut *self.connection).await;
        done.map(|_| ()).map_err(|error| read(statement.name, error))
    }
}

/// Rows of the next statement: a fixed size, halved while they weigh too much.
fn chunk<R: Bind>(rows: &[R], most: usize) -> usize {
    let mut size = size_for(rows.len(), most);
    while size > 1 && rows[..size].iter().map(Bind::weight).sum::<usize>() > BYTES_PER_STATEMENT {
        size /= 2;
    }
    size
}

fn padded<T>(keys: &[T]) -> (usize, MySqlArguments)
where
    T: Clone + for<'q> sqlx::Encode<'q, sqlx::MySql> + sqlx::Type<sqlx::MySql>,
{
    let size = keys.len().next_power_of_two();
    let mut values = Values::default();
    for key in keys.iter().chain(std::iter::repeat_n(keys, size - keys.len()).filter_map(|keys| keys.last()))
    {
        values.put(key.clone());
    }
    // Numbers and ids of batches always fit.
    (size, values.finish().unwrap_or_default())
}

/// A column of an answer that is not there or of another type is a broken database.
pub(super) fn column<'r, T>(row: &'r MySqlRow, name: &'static str) -> Result<T, sqlx::Error>
where
    T: sqlx::Decode<'r, sqlx::MySql> + sqlx::Type<sqlx::MySql>,
{
    row.try_get(name)
}
