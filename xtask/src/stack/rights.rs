//! Who comes in by MySQL's published port: data_studio by TLS, and nobody of the internal network.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::{ConnectOptions as _, Connection as _};

use super::findings::Findings;
use super::test::{Running, secret};

const LIMIT: Duration = Duration::from_secs(10);
/// MySQL's word for an account that may not come in so.
const ACCESS_DENIED: &str = "1045";

/// Tries each account with its right password.
pub(super) async fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    let port = running.site.port("GARIMPO_MYSQL_PORT", 3306)?;
    let ca = running.shared.join("tls/ca.pem");
    for (user, tls) in [
        ("migrator", false),
        ("migrator", true),
        ("transformer", false),
        ("transformer", true),
        ("root", false),
        ("root", true),
        ("data_studio", false),
        ("researcher", false),
    ] {
        let how = if tls { "with TLS" } else { "without TLS" };
        let answer = connect(running, user, tls.then_some(&ca), port).await;
        let told = answer.as_ref().err().map_or("let in".to_owned(), ToString::to_string);
        findings.is(told.contains(ACCESS_DENIED), format!("{user} is refused {how}: {told}"));
    }
    let mut connection = connect(running, "data_studio", Some(&ca), port).await?;
    let views: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM ds_volume").fetch_one(&mut connection).await?;
    findings.is(
        true,
        format!("data_studio comes in by TLS, verified by name, and reads ds_volume ({views} rows)"),
    );
    let tables = sqlx::query("SELECT COUNT(*) FROM tweets").execute(&mut connection).await;
    findings.is(tables.is_err(), "data_studio reads no table");
    connection.close().await?;
    Ok(())
}

async fn connect(running: &Running, user: &str, ca: Option<&PathBuf>, port: u16) -> Result<MySqlConnection> {
    let password = secret(&running.site, &format!("mysql_{user}"))?;
    let mut options = MySqlConnectOptions::new()
        .host("localhost")
        .port(port)
        .username(user)
        .password(&password)
        .database("garimpo");
    options = match ca {
        Some(ca) => options.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca(ca),
        None => options.ssl_mode(MySqlSslMode::Disabled),
    };
    match tokio::time::timeout(LIMIT, options.disable_statement_logging().connect()).await {
        Ok(connected) => connected.map_err(|error| anyhow!("{error}")),
        Err(_) => Err(anyhow!("no answer within {} s", LIMIT.as_secs())),
    }
}
