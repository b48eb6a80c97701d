//! Connections in the ways the doctor tries.

use std::path::PathBuf;
use std::time::Duration;

use bootstrap::Secret;
use sqlx::ConnectOptions as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlDatabaseError, MySqlSslMode};
use thiserror::Error;

use super::DoctorSettings;

const LIMIT: Duration = Duration::from_secs(10);

/// Settings without which nothing can be looked at.
#[derive(Debug, Error)]
pub enum DoctorError {
    /// A setting is missing.
    #[error("doctor.{key} is not set: give {what}")]
    Missing {
        /// Its last part.
        key: &'static str,
        /// What it is.
        what: &'static str,
    },
    /// A file cannot be read.
    #[error("doctor.{key}: cannot read {}: {source}", path.display())]
    File {
        /// The setting.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The password file.
    #[error(transparent)]
    Password(#[from] bootstrap::ConfigError),
}

/// The server as it is to be reached.
pub(super) struct Patient {
    options: MySqlConnectOptions,
    ca: Vec<u8>,
}

/// How a connection is made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    /// Chain and host name are checked.
    VerifyIdentity,
    /// The chain is.
    VerifyCa,
    /// The chain is, against another CA.
    VerifyOtherCa(&'a str),
    /// No TLS.
    Plaintext,
}

impl Patient {
    pub(super) fn of(settings: &DoctorSettings, database: &str) -> Result<Self, DoctorError> {
        let missing = |key, what| DoctorError::Missing { key, what };
        let host = settings.host.as_deref();
        let host = host.ok_or_else(|| missing("host", "the host name or address that clients connect to"))?;
        let ca = settings.ca_file.as_ref();
        let ca = ca.ok_or_else(|| missing("ca_file", "the ca.pem that clients are handed"))?;
        let password = settings.password_file.as_ref();
        let password = password
            .ok_or_else(|| missing("password_file", "a file that holds the account's password alone"))?;
        let mut options = MySqlConnectOptions::new()
            .host(host)
            .port(settings.port)
            .username(&settings.user)
            .password(Secret::read("doctor.password_file", password)?.expose())
            .database(database)
            // What Connector/J, and so Data Studio, has a session speak.
            .charset("utf8mb4")
            .collation("utf8mb4_0900_ai_ci")
            .disable_statement_logging();
        match (&settings.client_cert_file, &settings.client_key_file) {
            (Some(certificate), Some(key)) => {
                let certificate = read("client_cert_file", certificate)?;
                options = options
                    .ssl_client_cert_from_pem(certificate)
                    .ssl_client_key_from_pem(read("client_key_file", key)?);
            }
            (None, None) => {}
            (Some(_), None) => return Err(missing("client_key_file", "the key of client_cert_file")),
            (None, Some(_)) => return Err(missing("client_cert_file", "the certificate of client_key_file")),
        }
        Ok(Self { options, ca: read("ca_file", ca)? })
    }

    pub(super) fn host(&self) -> &str {
        self.options.get_host()
    }

    pub(super) fn address(&self) -> String {
        format!("{}:{}", self.options.get_host(), self.options.get_port())
    }

    pub(super) fn user(&self) -> &str {
        self.options.get_username()
    }

    pub(super) fn database(&self) -> &str {
        self.options.get_database().unwrap_or_default()
    }

    /// Connects; silence is an error as well.
    pub(super) async fn connect(&self, way: Way<'_>) -> Result<MySqlConnection, sqlx::Error> {
        let with = |mode, ca: &[u8]| self.options.clone().ssl_mode(mode).ssl_ca_from_pem(ca.to_vec());
        let options = match way {
            Way::VerifyIdentity => with(MySqlSslMode::VerifyIdentity, &self.ca),
            Way::VerifyCa => with(MySqlSslMode::VerifyCa, &self.ca),
            Way::VerifyOtherCa(ca) => with(MySqlSslMode::VerifyCa, ca.as_bytes()),
            Way::Plaintext => self.options.clone().ssl_mode(MySqlSslMode::Disabled),
        };
        let silent = |_| Err(sqlx::Error::PoolTimedOut);
        tokio::time::timeout(LIMIT, options.connect()).await.unwrap_or_else(silent)
    }

    /// Whether anything answers on the port.
    pub(super) async fn answers(&self) -> Result<(), String> {
        let connected = tokio::net::TcpStream::connect((self.options.get_host(), self.options.get_port()));
        match tokio::time::timeout(LIMIT, connected).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {} s", LIMIT.as_secs())),
        }
    }
}

/// The server's error number, where the server spoke.
pub(super) fn number(error: &sqlx::Error) -> Option<u16> {
    let server = error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?;
    Some(server.number())
}

fn read(key: &'static str, path: &std::path::Path) -> Result<Vec<u8>, DoctorError> {
    std::fs::read(path).map_err(|source| DoctorError::File { key, path: path.to_owned(), source })
}
