//! What the account sees: every `ds_*` view, one row of each, and nothing else.

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Executor as _};

use super::connect::number;
use super::report::Report;

/// A table that holds posts; reading it is what the account must not.
const BASE_TABLE: &str = "tweets";
const SELECT_DENIED: u16 = 1142;
const TOO_SLOW: u16 = 3024;

/// Looks at all of them; returns the views that could be read.
pub(super) async fn look(
    connection: &mut MySqlConnection,
    database: &str,
    report: &mut Report,
) -> Vec<String> {
    let seen = sqlx::query_scalar::<_, String>(include_str!("sql/seen.sql")).bind(database);
    let seen = match seen.fetch_all(&mut *connection).await {
        Ok(seen) => seen,
        Err(error) => {
            report.fail(format!("views: MySQL does not list them: {error}"));
            return Vec::new();
        }
    };
    let (views, others): (Vec<String>, Vec<String>) =
        seen.into_iter().partition(|name| name.starts_with("ds_"));
    if views.is_empty() {
        report.fail(
            "views: the account sees no ds_* view: run `transformer migrate`, then `transformer accounts apply`",
        );
    }
    let mut readable = Vec::new();
    for view in views {
        if read(connection, database, &view, report).await {
            readable.push(view);
        }
    }
    if others.is_empty() {
        report.ok("rights: nothing but ds_* views is seen");
    } else {
        report.fail(format!(
            "rights: the account also sees {}: `transformer accounts apply` takes that away",
            others.join(", ")
        ));
    }
    base_table(connection, database, report).await;
    readable
}

async fn read(connection: &mut MySqlConnection, database: &str, view: &str, report: &mut Report) -> bool {
    let select = AssertSqlSafe(format!("SELECT * FROM {}.{} LIMIT 1", quoted(database), quoted(view)));
    // Without prepared statements, as JDBC does unless told otherwise.
    match connection.fetch_optional(sqlx::raw_sql(select)).await {
        Ok(Some(_)) => report.ok(format!("{view}: a row was read")),
        Ok(None) => report.ok(format!("{view}: it can be read, and is empty")),
        Err(error) => {
            let way_out = match number(&error) {
                Some(SELECT_DENIED) => "run `transformer accounts apply`",
                Some(TOO_SLOW) => "one row took longer than the query time: look at the server's load",
                _ => "run `transformer check`: the view, or the account that made it, is broken",
            };
            report.fail(format!("{view}: {error}: {way_out}"));
            return false;
        }
    }
    true
}

async fn base_table(connection: &mut MySqlConnection, database: &str, report: &mut Report) {
    let select = AssertSqlSafe(format!("SELECT 1 FROM {}.{BASE_TABLE} LIMIT 1", quoted(database)));
    match connection.fetch_optional(sqlx::raw_sql(select)).await {
        Err(error) if number(&error) == Some(SELECT_DENIED) => {
            report.ok(format!("base tables: reading {BASE_TABLE} is refused"));
        }
        Err(error) => report.fail(format!(
            "base tables: whether {BASE_TABLE} is refused cannot be told: {error}; run this again"
        )),
        Ok(_) => report.fail(format!(
            "base tables: the account can read {BASE_TABLE}: `transformer accounts apply` takes that away"
        )),
    }
}

/// A quoted identifier.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
