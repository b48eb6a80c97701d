//! What each account may do, is limited to, and sees.

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection};

use crate::stage::{LIMIT, Stage, number, well};

const NO_RIGHT_ON_DATABASE: u16 = 1044;
const NO_RIGHT_ON_TABLE: u16 = 1142;
const TOO_MANY_CONNECTIONS: u16 = 1226;

async fn refused(connection: &mut MySqlConnection, statement: &str) -> Option<u16> {
    let run = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await;
    run.err().as_ref().and_then(number)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_account_may_do_its_work_and_nothing_else() {
    let stage = Stage::set().await;
    let mut migrator = stage.plain("migrator").connect().await.unwrap();
    assert_eq!(refused(&mut migrator, "CREATE TABLE t (id INT PRIMARY KEY)").await, None);
    assert_eq!(refused(&mut migrator, "DROP TABLE t").await, None);
    assert_eq!(refused(&mut migrator, "SELECT * FROM mysql.user").await, Some(NO_RIGHT_ON_TABLE));
    assert_eq!(refused(&mut migrator, "CREATE DATABASE other").await, Some(NO_RIGHT_ON_DATABASE));

    let mut transformer = stage.plain("transformer").connect().await.unwrap();
    assert_eq!(refused(&mut transformer, "UPDATE tweets SET lang = 'pt'").await, None);
    for statement in
        ["CREATE TABLE t (id INT PRIMARY KEY)", "DROP TABLE tweets", "ALTER TABLE tweets COMMENT 'x'"]
    {
        assert_eq!(refused(&mut transformer, statement).await, Some(NO_RIGHT_ON_TABLE), "{statement}");
    }

    for (user, prefix, other) in [("data_studio", "ds_", "base_posts"), ("researcher", "base_", "ds_volume")]
    {
        let mut analyst = stage.verified(user).connect().await.unwrap();
        for view in stage.views(prefix).await {
            assert_eq!(refused(&mut analyst, &format!("SELECT * FROM {view} LIMIT 1")).await, None, "{view}");
        }
        for statement in [
            "SELECT * FROM tweets",
            "SELECT * FROM report_settings",
            &format!("SELECT * FROM {other}"),
            &format!("DELETE FROM {prefix}posts"),
        ] {
            assert_eq!(
                refused(&mut analyst, statement).await,
                Some(NO_RIGHT_ON_TABLE),
                "{user}: {statement}"
            );
        }
        stage.plain(user).connect().await.unwrap_err();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_that_were_given_by_hand_are_taken_away_again() {
    let stage = Stage::set().await;
    stage.as_root("CREATE ROLE analyst").await;
    for grant in [
        "GRANT SELECT ON garimpo.* TO 'data_studio'@'%' WITH GRANT OPTION",
        "GRANT PROCESS, BACKUP_ADMIN ON *.* TO 'data_studio'@'%'",
        "GRANT SELECT (text) ON garimpo.tweets TO 'data_studio'@'%'",
        "GRANT analyst TO 'data_studio'@'%'",
    ] {
        stage.as_root(grant).await;
    }
    let held = |stage: &Stage| {
        let root = stage.root.clone();
        async move {
            let grants: Vec<String> =
                sqlx::query_scalar("SHOW GRANTS FOR 'data_studio'@'%'").fetch_all(&root).await.unwrap();
            grants
        }
    };
    assert!(held(&stage).await.iter().any(|grant| grant.contains("BACKUP_ADMIN")));
    stage.runs(&["accounts", "apply"]).await;
    let grants = held(&stage).await;
    let expected = stage.views("ds_").await.len();
    assert_eq!(
        grants.iter().filter(|grant| grant.starts_with("GRANT SELECT ON `garimpo`.`ds_")).count(),
        expected
    );
    // One line more: GRANT USAGE, MySQL's word for none.
    assert_eq!(grants.len(), expected + 1, "{grants:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_and_query_time_are_limited_for_data_studio_alone() {
    let stage = Stage::set().await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(stage.data_studio().await);
    }
    let fourth = stage.verified("data_studio").connect().await.unwrap_err();
    assert_eq!(number(&fourth), Some(TOO_MANY_CONNECTIONS));
    let limit = "SELECT CAST(@@SESSION.max_execution_time AS SIGNED)";
    let of_data_studio: i64 = sqlx::query_scalar(limit).fetch_one(&mut open[0]).await.unwrap();
    let mut transformer = stage.plain("transformer").connect().await.unwrap();
    let of_transformer: i64 = sqlx::query_scalar(limit).fetch_one(&mut transformer).await.unwrap();
    assert_eq!((of_data_studio, of_transformer), (1500, 0));
    open.pop().unwrap().close().await.unwrap();
    stage.data_studio().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn researchers_see_pseudonyms_that_stay_unless_the_setting_says_otherwise() {
    let stage = Stage::set().await;
    let authors = async || {
        let mut researcher = stage.verified("researcher").connect().await.unwrap();
        let author: (String, Option<String>, Option<String>) =
            sqlx::query_as("SELECT author_key, username, name FROM base_authors")
                .fetch_one(&mut researcher)
                .await
                .unwrap();
        let of_post: String =
            sqlx::query_scalar("SELECT author_key FROM base_posts").fetch_one(&mut researcher).await.unwrap();
        assert_eq!(of_post, author.0, "posts and authors do not join");
        author
    };
    let hidden = authors().await;
    assert_ne!(hidden.0, "7");
    assert_eq!((&hidden.1, &hidden.2), (&None, &None));
    stage.runs(&["accounts", "apply"]).await;
    assert_eq!(authors().await, hidden, "another salt, another pseudonym");
    let open = stage.command().set("accounts.researcher.pseudonymise_authors", "false");
    well(&open.run(&["accounts", "apply"], LIMIT).await.unwrap());
    let shown = authors().await;
    assert_eq!((shown.1.as_deref(), shown.2.as_deref()), (Some("maria_silva"), Some("Maria Silva")));
    stage.runs(&["accounts", "apply"]).await;
    assert_eq!(authors().await, hidden);
}
