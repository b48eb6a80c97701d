//! `transformer doctor --data-studio`: a healthy server passes, and each illness is named with the way out.

use sandbox::process::Ended;
use sandbox::service::ServiceSpec;

use crate::stage::{LIMIT, Stage, make_certificates, well};

const DOCTOR: [&str; 2] = ["doctor", "--data-studio"];

/// Runs a doctor that has to find something; returns the lines that fail.
async fn finds(spec: &ServiceSpec) -> Vec<String> {
    let finished = spec.run(&DOCTOR, LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(1), "{}{}", finished.stdout, finished.stderr);
    let failed: Vec<String> =
        finished.stdout.lines().filter(|line| line.starts_with("FAIL")).map(str::to_owned).collect();
    assert!(!failed.is_empty(), "{}", finished.stdout);
    failed
}

#[track_caller]
fn names(lines: &[String], of: &str, words: &[&str]) {
    let line = lines.iter().find(|line| line.starts_with(&format!("FAIL  {of}:")));
    let line = line.unwrap_or_else(|| panic!("{of} does not fail: {lines:#?}"));
    let missing: Vec<_> = words.iter().filter(|word| !line.contains(**word)).collect();
    assert!(missing.is_empty(), "{missing:?} are not in: {line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_server_passes_every_check() {
    let stage = Stage::set().await;
    let finished = stage.command().run(&DOCTOR, LIMIT).await.unwrap();
    well(&finished);
    // What another day, port or MySQL would change.
    let port = stage.mysql.address().port().to_string();
    let cut = |line: &str| {
        let kept =
            ["version: MySQL ", "TLS: TLSv1.3, ", "end of the certificate: ", "utf8mb4_0900_bin in all "];
        let mark = kept.iter().find_map(|mark| Some(line.find(mark)? + mark.len()));
        mark.map_or_else(|| line.replace(&port, "PORT"), |end| format!("{}…", &line[..end]))
    };
    let told: Vec<String> = finished.stdout.lines().map(cut).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_account_rights_and_collations_is_named_with_the_way_out() {
    let stage = Stage::set().await;
    for statement in [
        "ALTER USER 'data_studio'@'%' REQUIRE NONE WITH MAX_USER_CONNECTIONS 0",
        "GRANT SELECT ON garimpo.tweets TO 'data_studio'@'%'",
        "SET GLOBAL init_connect = ''",
        "CREATE VIEW garimpo.ds_odd AS SELECT CAST('x' AS CHAR CHARACTER SET latin1) AS odd",
        "GRANT SELECT ON garimpo.ds_odd TO 'data_studio'@'%'",
    ] {
        stage.as_root(statement).await;
    }
    let failed = finds(&stage.command()).await;
    names(&failed, "plaintext", &["comes in without TLS", "accounts apply"]);
    names(&failed, "account", &["REQUIRE NONE", "accounts apply"]);
    names(&failed, "connections", &["accounts.data_studio.max_connections"]);
    names(&failed, "query time", &["accounts.data_studio.query_time"]);
    names(&failed, "rights", &["tweets", "accounts apply"]);
    names(&failed, "base tables", &["can read tweets"]);
    names(&failed, "collations of the views", &["ds_odd.odd (latin1_swedish_ci)"]);
    // Its own way out, taken.
    stage.as_root("DROP VIEW garimpo.ds_odd").await;
    stage.runs(&["accounts", "apply"]).await;
    stage.runs(&DOCTOR).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_way_to_the_server_is_named_with_the_way_out() {
    let stage = Stage::set().await;
    make_certificates(stage.path(), "other", &["127.0.0.1"]).await;
    let failed = finds(&stage.command().set("doctor.ca_file", stage.at("other/ca.pem"))).await;
    names(&failed, "certificate", &["doctor.ca_file", "hand out the ca.pem"]);
    let failed = finds(&stage.command().set("doctor.host", "localhost")).await;
    names(&failed, "host name", &["not valid for localhost", "--name localhost"]);
    let failed = finds(&stage.command().set("doctor.port", "1")).await;
    names(&failed, "port", &["127.0.0.1:1", "firewall"]);
    let failed = finds(&stage.command().set("doctor.password_file", stage.at("researcher"))).await;
    names(&failed, "login", &["doctor.password_file"]);
    let failed = finds(&stage.command().set("mysql.database", "nowhere")).await;
    names(&failed, "login", &["mysql.database"]);
    let finished = stage.command().set("doctor.ca_file", "").run(&DOCTOR, LIMIT).await.unwrap();
    assert_eq!(finished.ended, Ended::Exited(1));
    assert!(finished.stderr.contains("error: doctor.ca_file is not set"), "{}", finished.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_demands_a_client_certificate_comes_in_with_one_only() {
    let stage = Stage::set().await;
    let demanding = stage.command().set("accounts.data_studio.client_certificate", "true");
    well(&demanding.run(&["accounts", "apply"], LIMIT).await.unwrap());
    let failed = finds(&stage.command()).await;
    names(&failed, "login", &["client certificate", "doctor.client_cert_file"]);
    let with_one = stage
        .command()
        .set("doctor.client_cert_file", stage.at("tls/client-cert.pem"))
        .set("doctor.client_key_file", stage.at("tls/client-key.pem"));
    let finished = with_one.run(&DOCTOR, LIMIT).await.unwrap();
    well(&finished);
    assert!(finished.stdout.contains("REQUIRE X509"), "{}", finished.stdout);
}
