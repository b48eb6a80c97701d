//! Who comes in by MySQL's published port: data_studio by TLS, and nobody of the internal network.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use sqlx::{ConnectOptions as _, Connection as _};

use super::findings::Findings;
use super::test::{Running, secret};

/// A published port of MySQL, with the right password of each account.
pub(crate) struct Door {
    /// As it stands in the certificate.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The CA's certificate.
    pub(crate) ca: PathBuf,
    /// Account and password.
    pub(crate) passwords: BTreeMap<String, String>,
}

/// The accounts that have a password.
pub(crate) const ACCOUNTS: [&str; 5] = ["root", "migrator", "transformer", "data_studio", "researcher"];

const LIMIT: Duration = Duration::from_secs(10);
/// MySQL's word for an account that may not come in so.
const ACCESS_DENIED: &str = "1045";

/// The stack's own.
pub(super) async fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    let password = |user: &str| Ok((user.to_owned(), secret(&running.site, &format!("mysql_{user}"))?));
    let door = Door {
        host: "localhost".to_owned(),
        port: running.site.port("GARIMPO_MYSQL_PORT", 3306)?,
        ca: running.shared.join("tls/ca.pem"),
        passwords: ACCOUNTS.iter().map(|user| password(user)).collect::<Result<_>>()?,
    };
    knock(&door, findings).await
}

/// Tries each account with its right password.
pub(crate) async fn knock(door: &Door, findings: &mut Findings) -> Result<()> {
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
        let answer = connect(door, user, tls.then_some(door.ca.as_path())).await;
        let told = answer.as_ref().err().map_or("let in".to_owned(), ToString::to_string);
        findings.is(told.contains(ACCESS_DENIED), format!("{user} is refused {how}: {told}"));
    }
    let mut connection = connect(door, "data_studio", Some(&door.ca)).await?;
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

async fn connect(door: &Door, user: &str, ca: Option<&Path>) -> Result<MySqlConnection> {
    let password = door.passwords.get(user).with_context(|| format!("no password of {user} is given"))?;
    let mut options = MySqlConnectOptions::new()
        .host(&door.host)
        .port(door.port)
        .username(user)
        .password(password)
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
