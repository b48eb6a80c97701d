//! `transformer check` and `transformer health`: what they say, and how they end.

use sandbox::process::Ended;
use sandbox::service::ServiceSpec;

use crate::stage::{LIMIT, Stage, ready, stop, unready_for};

async fn ends(spec: &ServiceSpec, subcommand: &[&str], code: i32) -> String {
    let finished = spec.run(subcommand, LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(code), "{} {}", finished.stdout, finished.stderr);
    finished.stdout + &finished.stderr
}

#[tokio::test(flavor = "multi_thread")]
async fn check_prints_what_holds_where_it_is_from_and_what_is_lacking() {
    let mut stage = Stage::unmigrated().await;
    let spec = stage.transformer("one");
    let told = ends(&spec, &["check"], 1).await;
    assert!(told.contains("LACKING  schema: ") && told.contains("transformer migrate"), "{told}");
    assert!(told.contains("1 lacking"), "{told}");

    ends(&stage.migrator(), &["migrate"], 0).await;
    let told = ends(&spec, &["check"], 0).await;
    assert!(!told.contains("LACKING"), "{told}");
    for held in ["tweets.batches.v1", "innodb_flush_log_at_trx_commit is 1", "TRANSFORMER_KAFKA__BROKERS"] {
        assert!(told.contains(held), "{held} is not in: {told}");
    }
    let password = std::fs::read_to_string(&stage.sandbox.database.transformer.password_file).unwrap();
    assert!(!told.contains(&password), "{told}");

    sqlx::raw_sql("SET GLOBAL innodb_flush_log_at_trx_commit = 2").execute(&stage.pool).await.unwrap();
    let told = ends(&spec, &["check"], 1).await;
    assert!(told.contains("LACKING  innodb_flush_log_at_trx_commit is 2"), "{told}");
    stage.sandbox.mysql.kill().await.unwrap();
    let told = ends(&spec, &["check"], 1).await;
    assert!(told.contains("LACKING  MySQL at 127.0.0.1"), "{told}");
    stage.sandbox.mysql.restart().await.unwrap();
    ends(&spec, &["check"], 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_working_from_waiting_from_dead() {
    let mut stage = Stage::set().await;
    let address = stage.sandbox.folder().join(format!("{}-one", stage.name)).join("health.address");
    let spec = stage.transformer("one").set("health.address_file", address.display().to_string());
    ends(&spec, &["health"], 1).await;
    let service = spec.start().unwrap();
    ready(&service).await;
    ends(&spec, &["health"], 0).await;
    ends(&spec, &["health", "--live"], 0).await;

    stage.sandbox.mysql.kill().await.unwrap();
    unready_for(&service, &["mysql"]).await;
    let told = ends(&spec, &["health"], 1).await;
    assert!(told.contains("mysql"), "{told}");
    ends(&spec, &["health", "--live"], 0).await;
    stage.sandbox.mysql.restart().await.unwrap();
    ready(&service).await;
    ends(&spec, &["health"], 0).await;
    stop(&service).await;
    ends(&spec, &["health"], 1).await;
    ends(&spec, &["health", "--live"], 1).await;
}
