//! Connections as every session needs them: READ COMMITTED, UTC, `utf8mb4_0900_bin`.

use std::{io, time::Duration};

use bootstrap::Secret;
use sqlx::{
    Executor as _, MySql,
    mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlPool, MySqlPoolOptions, MySqlSslMode},
    pool::PoolConnection,
};

use super::{ConnectError, MysqlSettings};

/// Prepared statements a connection keeps: twenty statements in eleven sizes fit.
const STATEMENTS: usize = 256;

const NOT_OF_THIS_DATABASE: u16 = 1044;
const WRONG_PASSWORD: u16 = 1045;
const NO_SUCH_DATABASE: u16 = 1049;

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

/// Gives up a connection whose server says nothing any more: closed at once, for the pool would ask it first.
pub(crate) fn give_up(connection: PoolConnection<MySql>, waited: Duration) -> sqlx::Error {
    drop(connection.detach());
    let silent = format!("no answer within {} s", waited.as_secs());
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, silent))
}

/// Names the server, the account and the settings to look at.
pub(crate) fn refused(settings: &MysqlSettings, source: sqlx::Error) -> ConnectError {
    let address = settings
        .socket
        .as_ref()
        .map_or_else(|| format!("{}:{}", settings.host, settings.port), |path| path.display().to_string());
    let server = source.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    let way_out = match server.map(MySqlDatabaseError::number) {
        Some(WRONG_PASSWORD) => "check mysql.user and mysql.password_file",
        Some(NO_SUCH_DATABASE | NOT_OF_THIS_DATABASE) => {
            "check mysql.database, and that the account was given rights on it"
        }
        Some(_) => "the server answers and refuses",
        None if settings.socket.is_some() => "check mysql.socket: is MySQL running there?",
        None => "check mysql.host and mysql.port: is MySQL running there?",
    };
    ConnectError::Refused { address, user: settings.user.clone(), way_out, source }
}
