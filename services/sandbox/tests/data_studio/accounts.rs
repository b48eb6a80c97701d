//! `transformer accounts apply`: run again and again, and what it never does.

use std::fs;

use sqlx::{ConnectOptions, Connection};

use crate::stage::{LIMIT, Stage, number, well};

const ACCESS_DENIED: u16 = 1045;
const ACCOUNT_LOCKED: u16 = 3118;

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing_and_no_password_is_ever_printed() {
    let stage = Stage::bare().await;
    let accounts = "SELECT COUNT(*) FROM mysql.user";
    let before: i64 = sqlx::query_scalar(accounts).fetch_one(&stage.root).await.unwrap();
    let printed = stage.runs(&["accounts", "apply", "--dry-run"]).await;
    assert!(
        printed.contains("CREATE USER 'data_studio'@'%'") && printed.contains("nothing was run"),
        "{printed}"
    );
    let after: i64 = sqlx::query_scalar(accounts).fetch_one(&stage.root).await.unwrap();
    assert_eq!(before, after);
    // At the level at which everything else is logged.
    let loud = stage.command().set("telemetry.log_level", "trace");
    let finished = loud.run(&["accounts", "apply"], LIMIT).await.unwrap();
    well(&finished);
    for text in [&printed, &finished.stdout, &finished.stderr] {
        assert!(!text.contains("it's") && !text.contains("it\\'s"), "a password is printed: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn run_again_it_sets_passwords_only_and_a_changed_file_changes_one() {
    let stage = Stage::set().await;
    let old = stage.verified("data_studio");
    let printed = stage.runs(&["accounts", "apply"]).await;
    let other: Vec<&str> =
        printed.lines().filter(|line| line.ends_with(';') && !line.starts_with("ALTER USER")).collect();
    assert_eq!(other, Vec::<&str>::new());
    let mut open = old.connect().await.unwrap();
    fs::write(stage.at("data_studio"), "another").unwrap();
    stage.runs(&["accounts", "apply"]).await;
    assert_eq!(number(&old.connect().await.unwrap_err()), Some(ACCESS_DENIED));
    stage.data_studio().await.ping().await.unwrap();
    open.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_from_elsewhere_is_refused_and_the_views_go_on() {
    let stage = Stage::set().await;
    for user in ["migrator", "transformer"] {
        stage.plain(user).connect().await.unwrap();
    }
    let elsewhere = stage
        .command()
        .set("accounts.migrator.hosts", "10.0.0.1")
        .set("accounts.transformer.hosts", "10.0.0.0/255.255.255.0");
    let finished = elsewhere.run(&["accounts", "apply"], LIMIT).await.unwrap();
    well(&finished);
    assert!(finished.stdout.contains("'migrator'@'127.0.0.1' is locked"), "{}", finished.stdout);
    for user in ["migrator", "transformer"] {
        assert_eq!(number(&stage.plain(user).connect().await.unwrap_err()), Some(ACCOUNT_LOCKED));
    }
    stage.as_root("DROP USER 'transformer'@'127.0.0.1'").await;
    assert_eq!(number(&stage.plain("transformer").connect().await.unwrap_err()), Some(ACCESS_DENIED));
    // Their definer is the locked migrator.
    let rows: Vec<String> = sqlx::query_scalar("SELECT post_text FROM ds_top_posts")
        .fetch_all(&mut stage.data_studio().await)
        .await
        .unwrap();
    assert_eq!(rows, ["açaí 🍇 na quarentena"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_password_file_is_left_alone_and_told() {
    let stage = Stage::set().await;
    let fewer = stage.command().set("accounts.migrator.password_file", "").set("accounts.migrator.hosts", "");
    let finished = fewer.run(&["accounts", "apply"], LIMIT).await.unwrap();
    well(&finished);
    assert!(finished.stdout.contains("note: migrator was left alone"), "{}", finished.stdout);
    stage.plain("migrator").connect().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_init_connect_is_left_alone_and_nobody_is_locked_out() {
    let stage = Stage::bare().await;
    stage.as_root("SET GLOBAL init_connect = 'SET SESSION lock_wait_timeout = 60'").await;
    let printed = stage.runs(&["accounts", "apply"]).await;
    assert!(printed.contains("init_connect holds another statement and was left alone"), "{printed}");
    let kept: String =
        sqlx::query_scalar("SELECT @@GLOBAL.init_connect").fetch_one(&stage.root).await.unwrap();
    assert_eq!(kept, "SET SESSION lock_wait_timeout = 60");
    stage.plain("transformer").connect().await.unwrap();
}
