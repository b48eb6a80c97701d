//! Migrations: re-runnable, repaired, refused where they do not fit; what the schema promises.

use transformer::migrate::{MigrateError, SchemaState, migrate, schema_state};

use crate::server::Place;

#[tokio::test]
async fn a_bare_database_is_older_and_one_migration_makes_it_ready() {
    let place = Place::bare().await;
    let SchemaState::Older { missing } = schema_state(&place.transformer).await.unwrap() else {
        panic!("not older")
    };
    assert_eq!(migrate(&place.migrator, false).await.unwrap(), missing);
    assert_eq!(schema_state(&place.transformer).await.unwrap(), SchemaState::Ready { newer: 0 });
    assert_eq!(migrate(&place.migrator, false).await.unwrap(), 0);
}

#[tokio::test]
async fn a_migration_that_ended_half_way_is_named_and_repaired() {
    let place = Place::migrated().await;
    sqlx::raw_sql("UPDATE _sqlx_migrations SET success = FALSE WHERE version = 9")
        .execute(&place.root)
        .await
        .unwrap();
    let state = schema_state(&place.transformer).await.unwrap();
    assert_eq!(state, SchemaState::Dirty { version: 9 });
    assert!(state.usable().unwrap_err().contains("transformer migrate --repair"));
    assert!(matches!(migrate(&place.migrator, false).await, Err(MigrateError::Dirty { version: 9 })));
    assert_eq!(migrate(&place.migrator, true).await.unwrap(), 1);
    assert_eq!(schema_state(&place.transformer).await.unwrap(), SchemaState::Ready { newer: 0 });
}

#[tokio::test]
async fn a_newer_schema_is_accepted_unless_it_asks_for_a_newer_binary() {
    let place = Place::migrated().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'of a newer release', TRUE, X'00', 1)";
    sqlx::raw_sql(newer).execute(&place.root).await.unwrap();
    assert_eq!(schema_state(&place.transformer).await.unwrap(), SchemaState::Ready { newer: 1 });
    assert_eq!(migrate(&place.migrator, false).await.unwrap(), 0);
    sqlx::raw_sql("UPDATE schema_requirements SET min_binary = '99.0.0'").execute(&place.root).await.unwrap();
    let state = schema_state(&place.transformer).await.unwrap();
    assert_eq!(state, SchemaState::Incompatible { min_binary: "99.0.0".to_owned() });
    assert!(state.usable().unwrap_err().contains("99.0.0"));
}

#[tokio::test]
async fn the_account_that_writes_rows_cannot_migrate_and_is_told_so() {
    let place = Place::bare().await;
    let refused = migrate(&place.transformer, false).await.unwrap_err();
    assert!(refused.to_string().contains("denied"), "{refused}");
}

#[tokio::test]
async fn every_table_and_column_is_commented_and_compares_by_code_point() {
    let place = Place::migrated().await;
    for (what, query) in [
        (
            "tables without a comment",
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> '_sqlx_migrations' AND table_comment = ''",
        ),
        (
            "columns without a comment",
            "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations' AND column_comment = ''",
        ),
        (
            "columns of another collation",
            "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND collation_name <> 'utf8mb4_0900_bin'",
        ),
        (
            "tables of another collation",
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_collation <> 'utf8mb4_0900_bin'",
        ),
        (
            "unique keys beside the primary",
            "SELECT CONCAT(table_name, '.', index_name) FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0 AND index_name <> 'PRIMARY'",
        ),
        (
            "foreign keys",
            "SELECT CAST(constraint_name AS CHAR) FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()",
        ),
        (
            "counters",
            "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND extra LIKE '%auto_increment%'",
        ),
        (
            "moments that are not DATETIME(3)",
            "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> '_sqlx_migrations' AND (data_type = 'timestamp' OR (data_type = 'datetime' AND datetime_precision <> 3))",
        ),
        (
            "columns of views that are not ASCII",
            "SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name <> CONVERT(column_name USING ascii)",
        ),
    ] {
        let found: Vec<String> = sqlx::query_scalar(query).fetch_all(&place.root).await.unwrap();
        assert!(found.is_empty(), "{what}: {found:?}");
    }
}
