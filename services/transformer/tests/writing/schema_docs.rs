//! docs/schema.md is what the migrated database says of itself; `cargo xtask docs` writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::server::Place;

const HEAD: &str = "# The schema\n\nMade by `cargo xtask docs` from the migrated database: tables and columns from their comments, views from the\n\
first lines of their migrations. Moments are UTC unless a column says otherwise. Text compares by code point\n\
(`utf8mb4_0900_bin`); columns without case and accents are there for grouping.\n";

/// A title, and which tables and views stand below it.
type Chapter = (&'static str, fn(&str) -> bool);

const CHAPTERS: [Chapter; 6] = [
    ("Views for Data Studio (account `data_studio`)", |name| name.starts_with("ds_")),
    ("Views for researchers (account `researcher`)", |name| name.starts_with("base_")),
    ("Facts", |name| name.starts_with("tweet") || ["authors", "places", "media", "polls"].contains(&name)),
    ("Lineage: which answer, when, for how much", |name| ["batches", "coverage", "spending"].contains(&name)),
    ("Rollups", |name| name.starts_with("rollup_") || name == "report_settings"),
    ("Bookkeeping", |name| name == "schema_requirements"),
];

struct Column {
    name: String,
    kind: String,
    nullable: bool,
    key: bool,
    comment: String,
}

#[tokio::test]
async fn the_schema_is_documented_as_it_is() {
    let place = Place::migrated().await;
    let written = document(&place).await;
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema.md");
    if std::env::var_os("GARIMPO_WRITE_DOCS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &written).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == written, "docs/schema.md is out of date: run `cargo xtask docs` and commit it");
}

async fn document(place: &Place) -> String {
    let about = tables(place).await;
    let mut columns = columns(place).await;
    let mut left: Vec<&String> = about.keys().collect();
    let mut text = HEAD.to_owned();
    for (title, holds) in CHAPTERS {
        let chapter: Vec<&String> = left.iter().copied().filter(|name| holds(name)).collect();
        left.retain(|name| !holds(name));
        writeln!(text, "\n## {title}").unwrap();
        for name in chapter {
            writeln!(text, "\n### {name}\n\n{}\n", about[name]).unwrap();
            writeln!(text, "| column | type | |\n|---|---|---|").unwrap();
            for Column { name: column, kind, nullable, key, comment } in columns.remove(name).unwrap() {
                let (key, null) = (if key { " (key)" } else { "" }, if nullable { ", or NULL" } else { "" });
                assert!(!comment.is_empty(), "{name}.{column} is not described");
                writeln!(text, "| `{column}`{key} | {kind}{null} | {comment} |").unwrap();
            }
        }
    }
    assert!(left.is_empty(), "in no chapter: {left:?}");
    text
}

/// What each table and view is.
async fn tables(place: &Place) -> BTreeMap<String, String> {
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT CAST(table_name AS CHAR), CAST(table_comment AS CHAR) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name <> '_sqlx_migrations'",
    )
    .fetch_all(&place.root)
    .await
    .unwrap();
    let described = |(name, comment): (String, String)| {
        let comment = if comment == "VIEW" { view(&name).remove(&name).unwrap() } else { comment };
        (name, comment)
    };
    tables.into_iter().map(described).collect()
}

async fn columns(place: &Place) -> BTreeMap<String, Vec<Column>> {
    let rows: Vec<(String, String, String, String, String, String)> = sqlx::query_as(
        "SELECT CAST(c.table_name AS CHAR), CAST(c.column_name AS CHAR), CAST(c.column_type AS CHAR), \
         CAST(c.is_nullable AS CHAR), CAST(c.column_key AS CHAR), CAST(c.column_comment AS CHAR) \
         FROM information_schema.columns AS c WHERE c.table_schema = DATABASE() \
         ORDER BY c.table_name, c.ordinal_position",
    )
    .fetch_all(&place.root)
    .await
    .unwrap();
    let mut columns: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for (table, name, kind, nullable, key, comment) in rows {
        let is_view = table.starts_with("ds_") || table.starts_with("base_");
        let comment = if is_view { view(&table).remove(&name).unwrap_or_default() } else { comment };
        let column =
            Column { name, kind, nullable: nullable == "YES", key: key == "PRI" && !is_view, comment };
        columns.entry(table).or_default().push(column);
    }
    columns
}

/// The leading lines `-- name: description` of a view's newest migration.
fn view(name: &str) -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_stem().unwrap().to_string_lossy().ends_with(&format!("_{name}")));
    files.sort();
    let text = fs::read_to_string(files.last().unwrap()).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("-- ")?.split_once(": "));
    lines.map(|(name, about)| (name.to_owned(), about.to_owned())).collect()
}
