//! What keeps it from starting: one line that names the thing and the way out.

use sandbox::process::Ended;
use sandbox::service::Finished;

use crate::scene::{LIMIT, Scene};

fn said(finished: &Finished, scene: &Scene) -> String {
    let errors: Vec<&str> = finished.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{}", finished.stderr);
    let folder = scene.sandbox.folder().display().to_string();
    let port = scene.sandbox.mysql.address().port().to_string();
    errors[0]
        .replace(&scene.sandbox.kafka.brokers(), "BROKERS")
        .replace(&folder, "FOLDER")
        .replace(&port, "PORT")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_start_error_is_one_line_with_the_way_out() {
    let scene = Scene::open().await;
    let spec = || scene.transformer("wrong");
    let wrong = scene.sandbox.folder().join("wrong.password");
    std::fs::write(&wrong, "wrong").unwrap();
    let cases = [
        ("unknown key", spec().set("kafka.broker", "x"), 78),
        ("no password file", spec().set("mysql.password_file", "/nowhere/password"), 78),
        ("wrong password", spec().set("mysql.password_file", wrong.display().to_string()), 1),
        ("unreachable broker", spec().set("kafka.brokers", "127.0.0.1:1"), 1),
        ("unreachable MySQL", spec().set("mysql.port", "1"), 1),
        ("topic with other settings", spec().set("kafka.retention_days", "7"), 1),
        ("registry", spec().set("schema_registry.url", "registry:8081"), 1),
        ("log level", spec().set("telemetry.log_level", "louder="), 1),
    ];
    let mut told = String::new();
    for (case, spec, code) in cases {
        let finished = spec.run(&["run"], LIMIT).await.unwrap();
        assert_eq!(finished.ended, Ended::Exited(code), "{case}: {}", finished.stderr);
        told.push_str(&format!("{case}\n  {}\n", said(&finished, &scene)));
    }
    sqlx::query("DROP DATABASE garimpo").execute(&scene.rows).await.unwrap();
    sqlx::query("CREATE DATABASE garimpo").execute(&scene.rows).await.unwrap();
    let finished = spec().run(&["run"], LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(1), "{}", finished.stderr);
    told.push_str(&format!("missing migrations\n  {}\n", said(&finished, &scene)));
    insta::assert_snapshot!(told);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_names_what_is_lacking_and_is_content_otherwise() {
    let scene = Scene::open().await;
    let good = scene.ask(&["check"]).await;
    assert_eq!(good.ended, Ended::Exited(0), "{}", good.stdout);
    assert!(good.stdout.contains("ok       topic tweets.batches.v1"), "{}", good.stdout);
    assert!(
        !good
            .stdout
            .contains(&std::fs::read_to_string(&scene.sandbox.database.transformer.password_file).unwrap())
    );

    sqlx::query("SET GLOBAL innodb_flush_log_at_trx_commit = 2").execute(&scene.rows).await.unwrap();
    let spec = scene.transformer("asked").set("kafka.retention_days", "31");
    let lacking = spec.run(&["check"], LIMIT).await.unwrap();
    assert_eq!(lacking.ended, Ended::Exited(1));
    for words in
        ["retention.ms is 2592000000 and has to be 2678400000", "innodb_flush_log_at_trx_commit is 2"]
    {
        assert!(lacking.stdout.contains(words), "{}", lacking.stdout);
    }
}
