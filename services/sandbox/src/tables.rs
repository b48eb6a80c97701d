//! What tables hold, table by table, to be compared: every row and column, whatever a later migration adds.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use ring::digest::{Context, SHA256};
use sqlx::{AssertSqlSafe, MySqlPool, Row};

use crate::error::SandboxError;

/// What is a table's own: the record of migrations holds when each of them ran.
const NOT_DATA: &str = "_sqlx_migrations";
/// Every base table's columns; those of its primary key with their place in it.
const COLUMNS: &str = "SELECT c.table_name, c.column_name, k.ordinal_position \
    FROM information_schema.columns c \
    JOIN information_schema.tables t \
      ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE' \
    LEFT JOIN information_schema.key_column_usage k \
      ON k.table_schema = c.table_schema AND k.table_name = c.table_name \
     AND k.column_name = c.column_name AND k.constraint_name = 'PRIMARY' \
    WHERE c.table_schema = DATABASE() ORDER BY c.table_name, c.ordinal_position";

/// One table's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// How many.
    pub rows: u64,
    /// SHA-256, hex, over all rows by their primary key.
    pub checksum: String,
}

#[derive(Default)]
struct Columns {
    compared: Vec<String>,
    key: BTreeMap<i64, String>,
}

/// Rows and checksum of every table of the pool's database, by the table's name.
///
/// `leaving_out` names columns (`table.column`) that are not compared, such as the time of processing.
///
/// # Errors
/// MySQL refuses, or a column to be left out does not exist.
pub async fn contents(
    pool: &MySqlPool,
    leaving_out: &[&str],
) -> Result<BTreeMap<String, Content>, SandboxError> {
    let failed = |source| SandboxError::Mysql { action: "read tables", source };
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    let mut left_out = 0;
    for row in sqlx::query(COLUMNS).fetch_all(pool).await.map_err(failed)? {
        let (table, column): (String, String) =
            (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        if table == NOT_DATA {
            continue;
        }
        let columns = tables.entry(table.clone()).or_default();
        // An unsigned type in one server release, a signed one in another.
        let place: Option<i64> = row.try_get_unchecked(2).map_err(failed)?;
        if let Some(place) = place {
            columns.key.insert(place, column.clone());
        }
        if leaving_out.contains(&format!("{table}.{column}").as_str()) {
            left_out += 1;
        } else {
            columns.compared.push(column);
        }
    }
    if left_out != leaving_out.len() {
        let reason = format!("only {left_out} of the columns {leaving_out:?} exist");
        return Err(SandboxError::Control { name: "mysql", action: "compare tables".to_owned(), reason });
    }
    let mut contents = BTreeMap::new();
    for (table, columns) in tables {
        let content = content(pool, &table, &columns).await.map_err(failed)?;
        contents.insert(table, content);
    }
    Ok(contents)
}

async fn content(pool: &MySqlPool, table: &str, columns: &Columns) -> Result<Content, sqlx::Error> {
    // As text first: HEX alone would round a DOUBLE. NULL is told from every text, as that is hexadecimal.
    let fields: Vec<String> =
        columns.compared.iter().map(|name| format!("COALESCE(HEX(CONCAT(`{name}`)), 'NULL')")).collect();
    let key: Vec<String> = columns.key.values().map(|name| format!("`{name}`")).collect();
    let order = if key.is_empty() { "1".to_owned() } else { key.join(", ") };
    let query = format!("SELECT CONCAT_WS(',', {}) FROM `{table}` ORDER BY {order}", fields.join(", "));
    let (mut rows, mut sum) = (0, Context::new(&SHA256));
    let mut found = sqlx::query(AssertSqlSafe(query)).fetch(pool);
    while let Some(row) = found.try_next().await? {
        rows += 1;
        sum.update(row.try_get::<String, _>(0)?.as_bytes());
        sum.update(b"\n");
    }
    let hex: Vec<String> = sum.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Content { rows, checksum: hex.concat() })
}
