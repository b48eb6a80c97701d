//! What keeps a transformer from starting: one line that names the thing and the way out, and an end that is none of success.

use std::fs;
use std::net::Ipv4Addr;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use sandbox::feed::Pages;
use sandbox::process::Ended;
use sandbox::proxy::Rule;
use sandbox::service::ServiceSpec;

use crate::stage::{LIMIT, Stage, ready, stop};

/// Runs a subcommand that cannot start; returns the one line it ends with.
async fn refused(spec: &ServiceSpec, subcommand: &[&str], code: i32) -> String {
    let finished = spec.run(subcommand, LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(code), "{}", finished.stderr);
    let errors: Vec<&str> = finished.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{}", finished.stderr);
    assert_eq!(finished.stderr.lines().last(), Some(errors[0]), "something follows: {}", finished.stderr);
    errors[0].to_owned()
}

#[track_caller]
fn names(line: &str, words: &[&str]) {
    let missing: Vec<_> = words.iter().filter(|word| !line.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in: {line}");
}

/// Configured, with nothing there; `folder` outlives it.
fn nowhere(folder: &std::path::Path) -> ServiceSpec {
    ServiceSpec::new("transformer", "nowhere", folder)
        .set("kafka.brokers", "127.0.0.1:1")
        .set("mysql.host", "127.0.0.1")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_named_with_its_origin_and_what_it_may_have_meant() {
    let folder = tempfile::tempdir().unwrap();
    let line = refused(&nowhere(folder.path()).set("write.writer", "3"), &["run"], 78).await;
    names(
        &line,
        &["unknown setting write.writer", "TRANSFORMER_WRITE__WRITER", "did you mean write.writers?"],
    );

    let file = folder.path().join("transformer.toml");
    fs::write(&file, "[kafka]\nbroker = \"127.0.0.1:9092\"\n").unwrap();
    let spec = nowhere(folder.path()).argument("--config").argument(file.clone());
    let line = refused(&spec, &["run"], 78).await;
    names(
        &line,
        &["unknown setting kafka.broker", &file.display().to_string(), "did you mean kafka.brokers?"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_missing_setting_is_listed_with_how_to_give_it() {
    let folder = tempfile::tempdir().unwrap();
    let bare = ServiceSpec::new("transformer", "bare", folder.path());
    let finished = bare.run(&["run"], LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(78));
    names(
        &finished.stderr,
        &["kafka.brokers", "TRANSFORMER_KAFKA__BROKERS", "mysql.host", "TRANSFORMER_MYSQL__HOST"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_broker_is_named_with_the_setting() {
    let folder = tempfile::tempdir().unwrap();
    let line = refused(&nowhere(folder.path()), &["run"], 1).await;
    names(&line, &["kafka.brokers", "127.0.0.1:1", "is Kafka running there"]);
}

async fn set_retention(brokers: &str, retention_ms: &str) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create().unwrap();
    // Sets all of a topic's settings at once: what is not named falls back.
    let spec = contract::topics::specs(1, 30).remove(0);
    let mut settings = AlterConfig::new(ResourceSpecifier::Topic(spec.name));
    for (name, value) in &spec.settings {
        settings = settings.set(name, if *name == "retention.ms" { retention_ms } else { value });
    }
    for altered in admin.alter_configs([&settings], &AdminOptions::new()).await.unwrap() {
        altered.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kafka_and_mysql_lack_is_named_with_the_way_out_and_then_it_runs() {
    let mut stage = Stage::unmigrated().await;
    let spec = stage.transformer("one");

    // The topic first: it is looked at first.
    set_retention(&stage.brokers(), "60000").await;
    let line = refused(&spec, &["run"], 1).await;
    names(&line, &["tweets.batches.v1", "retention.ms", "60000", "2592000000"]);
    set_retention(&stage.brokers(), "2592000000").await;

    let line = refused(&spec, &["run"], 1).await;
    names(&line, &["migrations", "transformer migrate"]);

    let wrong = stage.sandbox.folder().join("wrong.password");
    fs::write(&wrong, "guess").unwrap();
    let line =
        refused(&spec.clone().set("mysql.password_file", wrong.display().to_string()), &["run"], 1).await;
    names(&line, &["Access denied", "transformer", "mysql.password_file"]);
    assert!(!line.contains("guess"), "{line}");
    let line = refused(&spec.clone().set("mysql.password_file", "/nonexistent/password"), &["run"], 78).await;
    names(&line, &["mysql.password_file", "/nonexistent/password"]);

    // A port that nobody listens on, and whose owner we are.
    let closed = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let line = refused(&spec.clone().set("mysql.port", closed.to_string()), &["run"], 1).await;
    names(&line, &[&format!("127.0.0.1:{closed}"), "mysql.host"]);
    let line = refused(&spec.clone().set("mysql.database", "elsewhere"), &["run"], 1).await;
    names(&line, &["elsewhere"]);

    migrates_and_repairs(&mut stage).await;
    newer_schemas(&stage).await;
}

/// A migration whose connection is cut in the middle: `run` and `migrate` say what to do, and doing it helps.
async fn migrates_and_repairs(stage: &mut Stage) {
    let spec = stage.transformer("one");
    let migrator = stage.migrator();
    let line = refused(&stage.transformer("not-allowed"), &["migrate"], 1).await;
    names(&line, &["denied"]);

    let proxied = migrator.clone().set("mysql.port", stage.sandbox.mysql_proxy.address().port().to_string());
    let create = Rule::mysql("CREATE TABLE IF NOT EXISTS tweet_hashtags").after_answer();
    let mut create = stage.sandbox.mysql_proxy.hold(create);
    let cut = async {
        create.reached(LIMIT).await.unwrap();
        create.cut();
    };
    let (line, ()) = tokio::join!(refused(&proxied, &["migrate"], 1), cut);
    names(&line, &["migration 4", "transformer migrate --repair"]);

    let line = refused(&spec, &["run"], 1).await;
    names(&line, &["migration 4", "transformer migrate --repair"]);
    let line = refused(&migrator, &["migrate"], 1).await;
    names(&line, &["migration 4", "transformer migrate --repair"]);
    let repaired = migrator.run(&["migrate", "--repair"], LIMIT).await.unwrap();
    assert_eq!(repaired.ended, Ended::Exited(0), "{}", repaired.stderr);
    assert!(repaired.stdout.contains("migrations applied"), "{}", repaired.stdout);
    let again = migrator.run(&["migrate"], LIMIT).await.unwrap();
    assert!(again.stdout.starts_with("0 migrations applied"), "{}", again.stdout);

    stage.feed.send(&[Pages { seed: 91, posts: 10 }.page("covid", 1, 1)]).await.unwrap();
    let service = spec.start().unwrap();
    ready(&service).await;
    stage.agrees().await;
    stop(&service).await;
}

/// A newer release's schema: one it works with, and one it does not.
async fn newer_schemas(stage: &Stage) {
    let spec = stage.transformer("one");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (900001, 'of a newer release', TRUE, UNHEX('00'), 1)";
    sqlx::raw_sql(newer).execute(&stage.pool).await.unwrap();
    let service = spec.start().unwrap();
    ready(&service).await;
    stop(&service).await;
    let checked = spec.run(&["check"], LIMIT).await.unwrap();
    assert!(checked.stdout.contains("1 migrations newer than this release"), "{}", checked.stdout);
    sqlx::raw_sql("UPDATE schema_requirements SET min_binary = '99.1.0'").execute(&stage.pool).await.unwrap();
    let line = refused(&spec, &["run"], 1).await;
    names(&line, &["99.1.0", "deploy"]);
    let rows: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?")
            .bind(&stage.name)
            .fetch_one(&stage.pool)
            .await
            .unwrap();
    assert!(rows > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_health_address_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let spec = nowhere(folder.path()).set("health.listen", &address);
    let began = std::time::Instant::now();
    let line = refused(&spec, &["run"], 1).await;
    names(&line, &["health.listen", &address]);
    assert!(began.elapsed() < Duration::from_secs(9), "before brokers are asked");
}
