//! `transformer cursors export`: where each rule stands and what was spent, out of the ledger. For a Kafka whose volume was
//! lost: `extractor cursors import` reads it, goes on there, and buys nothing again that was applied.

mod rebuild;

use contract::{Money, Standing};
use sqlx::FromRow;
use thiserror::Error;
use time::PrimitiveDateTime;

use crate::to_mysql::{ConnectError, MysqlSettings, pool};
use rebuild::{Unknown, Walk, cursor};

/// Why the ledger was not read.
#[derive(Debug, Error)]
pub enum CursorsError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// MySQL, later.
    #[error("reading the ledger: {0}")]
    Read(#[from] sqlx::Error),
    /// A record that is no JSON: a mistake of this program.
    #[error("writing a cursor: {0}")]
    Json(#[from] serde_json::Error),
}

#[derive(FromRow)]
struct WalkRow {
    rule: String,
    walk: i64,
    whole: bool,
    finished: bool,
    page: i32,
    identity: String,
    query: String,
    query_fingerprint: String,
    since_id: Option<i64>,
    until_id: Option<i64>,
    newest_id: Option<i64>,
    oldest_id: Option<i64>,
    covers_to: Option<PrimitiveDateTime>,
}

/// What was read, and what could not be told.
#[derive(Debug, Default)]
pub struct Export {
    /// One JSON object a line.
    pub lines: Vec<String>,
    /// Rules left out, each with the way out.
    pub left_out: Vec<String>,
}

/// Reads cursors and money out of the ledger.
///
/// # Errors
/// MySQL cannot be read.
pub async fn export(mysql: &MysqlSettings) -> Result<Export, CursorsError> {
    let pool = pool(mysql, 1).await?;
    let rows: Vec<WalkRow> = sqlx::query_as(include_str!("cursors/sql/walks.sql")).fetch_all(&pool).await?;
    let spent: Vec<(String, String, i64, i64)> =
        sqlx::query_as(include_str!("cursors/sql/money.sql")).fetch_all(&pool).await?;
    let (mut export, mut open) = (Export::default(), Vec::new());
    for of_rule in rows.chunk_by(|one, next| one.rule == next.rule) {
        let walks: Vec<Walk> = of_rule.iter().map(walk).collect();
        match cursor(&of_rule[0].rule, &walks) {
            Ok(cursor) => {
                if cursor.in_flight {
                    open.push(cursor.identity.clone());
                }
                export.lines.push(serde_json::to_string(&Standing::Cursor(Box::new(cursor)))?);
            }
            Err(unknown @ Unknown { .. }) => export.left_out.push(unknown.to_string()),
        }
    }
    for (identity, day, spent_usd_micros, dearest) in spent {
        // A page may have been on its way: reserved at the dearest there was, it is carried by the next start.
        let reserved_usd_micros = if open.contains(&identity) { dearest } else { 0 };
        let money = Money {
            identity,
            day,
            spent_usd_micros,
            reserved_usd_micros,
            page_usd_micros: dearest,
            ..Money::default()
        };
        export.lines.push(serde_json::to_string(&Standing::Money(money))?);
    }
    Ok(export)
}

fn walk(row: &WalkRow) -> Walk {
    let millis = |at: PrimitiveDateTime| {
        i64::try_from(at.assume_utc().unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
    };
    Walk {
        walk: row.walk,
        whole: row.whole,
        finished: row.finished,
        page: row.page,
        identity: row.identity.clone(),
        query: row.query.clone(),
        query_fingerprint: row.query_fingerprint.clone(),
        since_id: row.since_id,
        until_id: row.until_id,
        newest_id: row.newest_id,
        oldest_id: row.oldest_id,
        covers_to: row.covers_to.map(millis),
    }
}
