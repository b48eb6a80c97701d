//! The throw-away MySQL: durable over kill -9, with the accounts of production.

use sandbox::mysql::{Database, Mysql, MysqlOptions};
use sqlx::{ConnectOptions, Connection, Row};

#[tokio::test(flavor = "multi_thread")]
async fn keeps_committed_rows_over_kill_9() {
    let folder = crate::support::folder();
    let mut mysql =
        Mysql::start(crate::support::tools(), folder.path(), &MysqlOptions::default()).await.unwrap();
    let database = Database::make(&mysql, "garimpo").await.unwrap();
    let mut migrator = database.migrator.options(&mysql, "garimpo").unwrap().connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE kept (id BIGINT PRIMARY KEY, words VARCHAR(40))")
        .execute(&mut migrator)
        .await
        .unwrap();
    let mut writer = database.transformer.options(&mysql, "garimpo").unwrap().connect().await.unwrap();
    let mut transaction = writer.begin().await.unwrap();
    sqlx::query("INSERT INTO kept VALUES (?, ?)")
        .bind(1_i64)
        .bind("açaí 🍇")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    mysql.kill().await.unwrap();
    mysql.restart().await.unwrap();
    let mut reader = database.transformer.options(&mysql, "garimpo").unwrap().connect().await.unwrap();
    let row = sqlx::query("SELECT id, words FROM kept").fetch_one(&mut reader).await.unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<String, _>(1).as_str()), (1, "açaí 🍇"));
    drop(reader);
    mysql.stop().await.unwrap();
    mysql.restart().await.unwrap();
    assert_eq!(mysql.process().ended(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_a_wrong_password_and_gives_each_account_its_rights_only() {
    let folder = crate::support::folder();
    let mysql = Mysql::start(crate::support::tools(), folder.path(), &MysqlOptions::default()).await.unwrap();
    let database = Database::make(&mysql, "garimpo").await.unwrap();
    let right = database.transformer.options(&mysql, "garimpo").unwrap();
    let refused = right.clone().password("wrong").connect().await.unwrap_err();
    assert!(refused.to_string().contains("Access denied"), "{refused}");
    let root_by_tcp = right.clone().username("root").password("").connect().await.unwrap_err();
    assert!(root_by_tcp.to_string().contains("Access denied"), "{root_by_tcp}");
    let mut writer = right.connect().await.unwrap();
    let ddl = sqlx::raw_sql("CREATE TABLE t (id INT PRIMARY KEY)").execute(&mut writer).await.unwrap_err();
    assert!(ddl.to_string().contains("denied"), "{ddl}");
    let second = Database::make(&mysql, "another").await.unwrap();
    second.migrator.options(&mysql, "another").unwrap().connect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_with_the_durability_character_set_and_clock_of_production() {
    let folder = crate::support::folder();
    let mysql = Mysql::start(crate::support::tools(), folder.path(), &MysqlOptions::default()).await.unwrap();
    let settings = "SELECT @@innodb_flush_log_at_trx_commit = 1, @@log_bin = 0, @@global.time_zone = '+00:00', \
                    @@collation_server = 'utf8mb4_0900_bin', @@character_set_server = 'utf8mb4'";
    let row = sqlx::query(settings).fetch_one(&mysql.root("")).await.unwrap();
    let found: Vec<i64> = (0..row.len()).map(|column| row.get(column)).collect();
    assert_eq!(found, [1; 5]);
}
