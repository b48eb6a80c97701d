//! MySQL Connector/J, as Data Studio uses JDBC, with the settings the guide documents.

use std::path::Path;

use sandbox::jdbc::JdbcClient;
use sandbox::process::Ended;
use sandbox::service::Finished;
use sandbox::setup::{Cache, JdbcHome, Progress, TRUST_STORE_PASSWORD, set_up_jdbc, write_trust_store};
use tokio::sync::OnceCell;

use crate::stage::{LIMIT, Stage, make_certificates, well};

const GUIDE: &str = include_str!("../../../../docs/data-studio.md");

async fn home() -> &'static JdbcHome {
    static HOME: OnceCell<JdbcHome> = OnceCell::const_new();
    let provide = || async {
        let set_up = || set_up_jdbc(&Cache::of_this_user().unwrap(), &Progress::to_stderr()).unwrap();
        tokio::task::spawn_blocking(set_up).await.unwrap()
    };
    HOME.get_or_init(provide).await
}

/// The URL of the guide, for this server and the trust store made of this CA.
fn documented_url(stage: &Stage, ca: &str) -> String {
    let store = stage.path().join(format!("{}.p12", ca.replace('/', "-")));
    write_trust_store(Path::new(&stage.at(ca)), &store).unwrap();
    let url = GUIDE.lines().map(str::trim).find(|line| line.starts_with("jdbc:mysql://")).unwrap();
    let filled = url
        .replace("db.example.org:3306", &stage.mysql.address().to_string())
        .replace("/path/to/ca.p12", &store.display().to_string())
        .replace("PASSWORD-OF-THE-STORE", TRUST_STORE_PASSWORD);
    assert_ne!(filled, url, "the guide's URL has other placeholders");
    filled
}

async fn reads(stage: &Stage, url: &str, statements: &[String]) -> Finished {
    let client = JdbcClient::new(home().await, &stage.path().join("jdbc")).unwrap();
    let login = ("data_studio", stage.password("data_studio"));
    client.run(url, (login.0, &login.1), statements, LIMIT).await.unwrap()
}

#[track_caller]
fn refused_for(finished: &Finished, words: &[&str]) {
    assert_ne!(finished.ended, Ended::Exited(0), "{}", finished.stdout);
    let missing: Vec<_> = words.iter().filter(|word| !finished.stderr.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in: {}", finished.stderr);
    assert!(!finished.stdout.contains("quarentena"), "rows came all the same: {}", finished.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_is_read_over_verified_tls_with_the_documented_settings() {
    let stage = Stage::set().await;
    let views = stage.views("ds_").await;
    let mut statements: Vec<String> = views
        .iter()
        .map(|view| format!("SELECT '{view}' AS read_view, v.* FROM {view} AS v LIMIT 3"))
        .collect();
    statements.push("SHOW SESSION STATUS LIKE 'Ssl_version'".to_owned());
    let finished = reads(&stage, &documented_url(&stage, "tls/ca.pem"), &statements).await;
    well(&finished);
    for view in &views {
        let row = format!("'{view}',");
        assert!(finished.stdout.lines().any(|line| line.starts_with(&row)), "{view}: {}", finished.stdout);
    }
    assert!(finished.stdout.contains("açaí 🍇 na quarentena"), "{}", finished.stdout);
    assert!(finished.stdout.contains("'Ssl_version','TLSv1."), "{}", finished.stdout);
    // Data Studio takes ASCII column names only.
    assert!(finished.stdout.lines().filter(|line| line.starts_with("'read_view',")).all(str::is_ascii));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_tls_another_ca_another_host_name_and_a_base_table_are_refused() {
    let stage = Stage::set().await;
    let rows = ["SELECT * FROM ds_top_posts".to_owned()];
    let url = documented_url(&stage, "tls/ca.pem");
    well(&reads(&stage, &url, &rows).await);

    let plain = format!(
        "jdbc:mysql://{}/garimpo?sslMode=DISABLED&allowPublicKeyRetrieval=true",
        stage.mysql.address()
    );
    refused_for(&reads(&stage, &plain, &rows).await, &["code=1045"]);

    make_certificates(stage.path(), "other", &["127.0.0.1"]).await;
    let other = documented_url(&stage, "other/ca.pem");
    refused_for(&reads(&stage, &other, &rows).await, &["Path does not chain with any of the trust anchors"]);

    // The same server by a name that its certificate does not hold.
    let port = stage.mysql.address().port();
    let by_name = url.replace(&stage.mysql.address().to_string(), &format!("localhost:{port}"));
    refused_for(&reads(&stage, &by_name, &rows).await, &["localhost"]);

    let posts = ["SELECT * FROM tweets".to_owned()];
    refused_for(&reads(&stage, &url, &posts).await, &["code=1142", "'tweets'"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_names_every_view_and_every_column_of_it() {
    let stage = Stage::set().await;
    for view in stage.views("ds_").await {
        let section = GUIDE.split("\n### ").find(|section| section.starts_with(&format!("`{view}`")));
        let section = section.unwrap_or_else(|| panic!("docs/data-studio.md has no section for {view}"));
        let columns: Vec<String> =
            sqlx::query_scalar("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'garimpo' AND TABLE_NAME = ?")
                .bind(&view)
                .fetch_all(&stage.root)
                .await
                .unwrap();
        for column in columns {
            assert!(
                section.contains(&format!("`{column}`")),
                "{view}.{column} is not in docs/data-studio.md"
            );
        }
        assert!(section.contains("Chart:"), "{view} has no example chart");
    }
}
