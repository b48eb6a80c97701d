//! Connections as every session needs them: READ COMMITTED, UTC, `utf8mb4_0900_bin`.

use bootstrap::Secret;
use sqlx::{
    Executor as _,
    mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions, MySqlSslMode},
};

use super::{ConnectError, MysqlSettings};

/// Prepared statements a connection keeps: twenty statements in eleven sizes fit.
const STATEMENTS: usize = 256;

/// Strict whatever the server's default is: a value that does not fit has to be an error, never a cut text.
const SESSION: &str = "SET SESSION transaction_isolation = 'READ-COMMITTED', \
     sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'";

/// How to reach the server.
///
/// # Errors
/// The password file.
pub(crate) fn options(settings: &MysqlSettings) -> Result<MySqlConnectOptions, ConnectError> {
    let mut options = MySqlConnectOptions::new()
        .username(&settings.user)
        .database(&settings.database)
        .charset("utf8mb4")
        .collation("utf8mb4_0900_bin")
        // The internal network is plaintext; see the trap of sqlx 0.9.0 with TLS before this changes.
        .ssl_mode(MySqlSslMode::Disabled)
        .statement_cache_capacity(STATEMENTS);
    options = match &settings.socket {
        Some(socket) => options.socket(socket),
        None => options.host(&settings.host).port(settings.port),
    };
    if let Some(file) = &settings.password_file {
        options = options.password(Secret::read("mysql.password_file", file)?.expose());
    }
    Ok(options)
}

/// Connects `most` times at most, once at once.
///
/// # Errors
/// The password file, or the server's refusal.
pub(crate) async fn pool(settings: &MysqlSettings, most: u32) -> Result<MySqlPool, ConnectError> {
    MySqlPoolOptions::new()
        .max_connections(most)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(SESSION).await?;
                Ok(())
            })
        })
        .connect_with(options(settings)?)
        .await
        .map_err(|source| refused(settings, source))
}

/// Names the server and the account.
pub(crate) fn refused(settings: &MysqlSettings, source: sqlx::Error) -> ConnectError {
    let address = settings
        .socket
        .as_ref()
        .map_or_else(|| format!("{}:{}", settings.host, settings.port), |path| path.display().to_string());
    ConnectError::Refused { address, user: settings.user.clone(), source }
}
