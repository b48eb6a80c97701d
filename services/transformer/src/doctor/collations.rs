//! Collations: one in all views, and none that a client's session could clash with.

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Executor as _};

use super::report::Report;
use super::views::quoted;

/// Of every text in the database.
const OURS: &str = "utf8mb4_0900_bin";

pub(super) async fn look(
    connection: &mut MySqlConnection,
    database: &str,
    views: &[String],
    report: &mut Report,
) {
    match sqlx::query_scalar::<_, String>("SELECT @@collation_server").fetch_one(&mut *connection).await {
        Ok(server) if server == OURS => report.ok(format!("collation of the server: {OURS}")),
        Ok(server) => report.warn(format!(
            "collation of the server: {server}: start mysqld with --character-set-server=utf8mb4 --collation-server={OURS}, so that \
             what clients make compares as the stored texts do"
        )),
        Err(error) => report.fail(format!("collation of the server: MySQL does not tell it: {error}")),
    }
    let columns = sqlx::query_as::<_, (String, String, String)>(include_str!("sql/columns.sql"));
    let columns = match columns.bind(database).fetch_all(&mut *connection).await {
        Ok(columns) => columns,
        Err(error) => {
            return report.fail(format!("collations of the views: MySQL does not tell them: {error}"));
        }
    };
    let columns: Vec<_> = columns.into_iter().filter(|(view, ..)| views.contains(view)).collect();
    let other: Vec<String> = columns
        .iter()
        .filter(|(.., collation)| collation != OURS)
        .map(|(view, column, collation)| format!("{view}.{column} ({collation})"))
        .collect();
    if other.is_empty() {
        report.ok(format!("collations of the views: {OURS} in all {} text columns", columns.len()));
    } else {
        report.fail(format!(
            "collations of the views: {} differ from {OURS}, and joining or comparing them fails: run `transformer migrate`, or report it",
            other.join(", ")
        ));
    }
    compare(connection, database, &columns, report).await;
}

/// A filter in Data Studio compares a column with a literal of the session's collation: each is tried.
async fn compare(
    connection: &mut MySqlConnection,
    database: &str,
    columns: &[(String, String, String)],
    report: &mut Report,
) {
    for (view, column, _) in columns {
        let (from, column_name) = (format!("{}.{}", quoted(database), quoted(view)), quoted(column));
        let select = AssertSqlSafe(format!(
            "SELECT {column_name} FROM {from} WHERE {column_name} = 'açaí' OR {column_name} LIKE 'a%' LIMIT 0"
        ));
        if let Err(error) = connection.fetch_optional(sqlx::raw_sql(select)).await {
            return report.fail(format!(
                "filters: comparing {view}.{column} with a text fails: {error}: run `transformer migrate`, or report it"
            ));
        }
    }
    if !columns.is_empty() {
        report.ok("filters: every text column compares with a text of a session in utf8mb4_0900_ai_ci");
    }
}
