//! The administrator's connection to MySQL, for provisioning alone: section `admin`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use bootstrap::Secret;
use serde::Deserialize;
use sqlx::ConnectOptions as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlSslMode};
use thiserror::Error;

const LIMIT: Duration = Duration::from_secs(10);

/// How an administrator comes in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminSettings {
    /// Unix socket; taken instead of host and port.
    pub socket: Option<PathBuf>,
    /// Host name or address.
    pub host: Option<String>,
    /// Port.
    pub port: u16,
    /// CA that signed the server's certificate.
    pub ca_file: Option<PathBuf>,
    /// Account.
    pub user: String,
    /// File with its password.
    pub password_file: Option<PathBuf>,
}

/// Why the administrator's work was not done.
#[derive(Debug, Error)]
pub enum AdminError {
    /// Nobody said where.
    #[error(
        "admin: neither socket nor host is set: give admin.socket (root comes in there without a password), or admin.host with \
         admin.ca_file, admin.user and admin.password_file"
    )]
    NotConfigured,
    /// A password would leave this machine in the open.
    #[error(
        "admin.ca_file is not set: {host} is not this machine, and an administrator's password goes there by verified TLS only"
    )]
    Open {
        /// The host.
        host: String,
    },
    /// The password file.
    #[error(transparent)]
    Password(#[from] bootstrap::ConfigError),
    /// No connection.
    #[error("MySQL at {address} as {user}: {source}; check the settings of section admin")]
    Refused {
        /// Socket, or host and port.
        address: String,
        /// Account.
        user: String,
        /// What the client or the server said.
        #[source]
        source: sqlx::Error,
    },
    /// No answer.
    #[error("MySQL at {address} gives no answer within {} s; check the settings of section admin", LIMIT.as_secs())]
    Silent {
        /// Socket, or host and port.
        address: String,
    },
    /// A statement failed.
    #[error("cannot {action}: {source}")]
    Statement {
        /// What was tried, never with a password.
        action: String,
        /// What MySQL said.
        #[source]
        source: sqlx::Error,
    },
}

impl AdminError {
    pub(crate) fn statement(action: impl Into<String>) -> impl FnOnce(sqlx::Error) -> Self {
        let action = action.into();
        move |source| Self::Statement { action, source }
    }
}

impl AdminSettings {
    /// Whether anybody said where MySQL is.
    pub fn is_configured(&self) -> bool {
        self.socket.is_some() || self.host.is_some()
    }

    /// Connects.
    ///
    /// # Errors
    /// Nothing is configured, the password file, or the server's refusal.
    pub(crate) async fn connect(&self) -> Result<MySqlConnection, AdminError> {
        let (options, address) = self.options()?;
        match tokio::time::timeout(LIMIT, options.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(source)) => Err(AdminError::Refused { address, user: self.user.clone(), source }),
            Err(_) => Err(AdminError::Silent { address }),
        }
    }

    fn options(&self) -> Result<(MySqlConnectOptions, String), AdminError> {
        // Statements here carry passwords: none of them may reach a log, at whatever level.
        let mut options = MySqlConnectOptions::new().username(&self.user).disable_statement_logging();
        if let Some(file) = &self.password_file {
            options = options.password(Secret::read("admin.password_file", file)?.expose());
        }
        match (&self.socket, &self.host) {
            (Some(socket), _) => {
                // A server takes a password by its socket in plain, sqlx would send it as by an open network; within TLS both
                // mean the same.
                let mode =
                    self.password_file.as_ref().map_or(MySqlSslMode::Disabled, |_| MySqlSslMode::Preferred);
                let options = options.socket(socket).ssl_mode(mode);
                Ok((options, socket.display().to_string()))
            }
            (None, Some(host)) => {
                options = options.host(host).port(self.port);
                options = match &self.ca_file {
                    Some(ca) => options.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca(ca),
                    None if is_this_machine(host) => options.ssl_mode(MySqlSslMode::Disabled),
                    None => return Err(AdminError::Open { host: host.clone() }),
                };
                Ok((options, format!("{host}:{}", self.port)))
            }
            (None, None) => Err(AdminError::NotConfigured),
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(socket: Option<&str>, host: Option<&str>) -> AdminSettings {
        AdminSettings {
            socket: socket.map(PathBuf::from),
            host: host.map(str::to_owned),
            port: 3306,
            ca_file: None,
            user: "root".to_owned(),
            password_file: None,
        }
    }

    #[test]
    fn no_password_leaves_the_machine_without_verified_tls() {
        for host in ["db.example.org", "192.0.2.7", "0.0.0.0"] {
            let refused = settings(None, Some(host)).options().unwrap_err().to_string();
            assert!(refused.contains(host) && refused.contains("admin.ca_file"), "{refused}");
        }
        for host in ["localhost", "127.0.0.1", "::1"] {
            settings(None, Some(host)).options().unwrap();
        }
        let mut verified = settings(None, Some("db.example.org"));
        verified.ca_file = Some("ca.pem".into());
        assert!(matches!(verified.options().unwrap().0.get_ssl_mode(), MySqlSslMode::VerifyIdentity));
    }

    #[test]
    fn says_what_to_set_where_nothing_is() {
        let refused = settings(None, None).options().unwrap_err().to_string();
        assert!(refused.contains("admin.socket") && refused.contains("admin.host"), "{refused}");
    }
}
