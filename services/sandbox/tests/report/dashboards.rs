//! Every query of every dashboard, run against the real views with Grafana's macros expanded as it documents them.

use std::path::PathBuf;

use serde_json::Value;
use sqlx::mysql::MySqlRow;
use sqlx::{AssertSqlSafe, Column, Row};

use crate::place::{EMPTY, FULL, place};

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../otel/grafana")
}

/// The dashboards' files with their content.
pub(crate) fn dashboards() -> Vec<(String, Value)> {
    let files = std::fs::read_dir(folder().join("dashboards")).unwrap();
    let mut dashboards: Vec<(String, Value)> = files
        .map(|file| file.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        })
        .collect();
    dashboards.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(dashboards.len() >= 2);
    dashboards
}

/// `$__timeFilter(column)`, `$__timeFrom()` and `$__timeTo()`, as the documentation of Grafana's MySQL data source says.
fn expand(sql: &str, from: i64, to: i64) -> String {
    let mut expanded = String::new();
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once("$__timeFilter(") {
        let (column, after) = after.split_once(')').unwrap();
        expanded.push_str(&format!("{before}{column} BETWEEN FROM_UNIXTIME({from}) AND FROM_UNIXTIME({to})"));
        rest = after;
    }
    expanded.push_str(rest);
    let expanded = expanded
        .replace("$__timeFrom()", &format!("FROM_UNIXTIME({from})"))
        .replace("$__timeTo()", &format!("FROM_UNIXTIME({to})"));
    assert!(!expanded.contains("$__"), "a macro this test does not know: {expanded}");
    expanded
}

#[test]
fn macros_are_expanded_as_documented() {
    assert_eq!(
        expand("SELECT 1 WHERE $__timeFilter(day) AND a < $__timeTo()", 10, 20),
        "SELECT 1 WHERE day BETWEEN FROM_UNIXTIME(10) AND FROM_UNIXTIME(20) AND a < FROM_UNIXTIME(20)"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_query_of_every_panel_answers_from_the_views() {
    let place = place();
    let (full, empty) = (place.mysql.root(FULL), place.mysql.root(EMPTY));
    let (from, to): (i64, i64) = sqlx::query_as(
        "SELECT CAST(UNIX_TIMESTAMP(UTC_DATE() - INTERVAL 13 DAY) AS SIGNED), CAST(UNIX_TIMESTAMP() AS SIGNED)",
    )
    .fetch_one(&full)
    .await
    .unwrap();
    let mut run = 0;
    for (file, dashboard) in dashboards() {
        for panel in dashboard["panels"].as_array().unwrap() {
            for target in panel["targets"].as_array().unwrap() {
                let what = format!("{file}, panel {}", panel["title"]);
                let sql = target["rawSql"].as_str().unwrap();
                reads_views_alone(sql, &what);
                let sql = expand(sql, from, to);
                let rows = sqlx::raw_sql(AssertSqlSafe(sql.clone())).fetch_all(&full).await;
                let rows = rows.unwrap_or_else(|error| panic!("{what}: {error}"));
                assert!(!rows.is_empty(), "{what}: nothing of two weeks of posts");
                columns_fit(target["format"].as_str().unwrap(), &rows, &what);
                // A period without anything is no error.
                sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&empty).await.unwrap();
                run += 1;
            }
        }
    }
    assert!(run >= 24, "{run} queries");
    full.close().await;
    empty.close().await;
}

/// The account Grafana uses may read nothing else.
fn reads_views_alone(sql: &str, what: &str) {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let tables: Vec<&str> =
        words.windows(2).filter(|pair| ["FROM", "JOIN"].contains(&pair[0])).map(|pair| pair[1]).collect();
    assert!(!tables.is_empty(), "{what} reads nothing");
    for table in tables {
        assert!(table.starts_with("ds_"), "{what} reads {table}");
    }
}

/// Time series begin with a time in ascending order; in the long form a name and a value follow.
fn columns_fit(format: &str, rows: &[MySqlRow], what: &str) {
    let names: Vec<&str> = rows[0].columns().iter().map(Column::name).collect();
    if format != "time_series" {
        assert!(!names.contains(&"time"), "{what}");
        return;
    }
    assert_eq!(names[0], "time", "{what}");
    assert!(names.len() > 1, "{what} has no value");
    if names.contains(&"metric") {
        assert_eq!(names, ["time", "metric", "value"], "{what}");
    }
    // A date or a moment as text: both sort as they are written.
    let times: Vec<String> = rows.iter().map(|row| row.try_get_unchecked(0).unwrap()).collect();
    assert!(times.is_sorted(), "{what} is not in the order of time");
}
