//! What the settings ask for, checked: pure.

use std::fmt;
use std::path::PathBuf;

use bootstrap::Secret;

use super::statement::literal;
use super::{AccountsError, AccountsSettings};

/// The name of the account Data Studio comes in by.
pub(super) const DATA_STUDIO: &str = "data_studio";

/// Letters that stand in host names, addresses, networks and patterns.
const HOST_LETTERS: &str = ".%_:/-";

/// A user from a host pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Account {
    pub(super) user: String,
    pub(super) host: String,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", literal(&self.user), literal(&self.host))
    }
}

/// What a connection of the account has to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    Any,
    Tls,
    ClientCertificate,
}

/// What an account may do, on one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rights {
    /// All of it.
    Everything,
    /// Rows of any table.
    Rows,
    /// Reading the views whose names begin so.
    Views(&'static str),
}

/// One account name with everything about it.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) user: &'static str,
    pub(super) hosts: Vec<String>,
    pub(super) password: Secret,
    pub(super) transport: Transport,
    pub(super) max_connections: u32,
    pub(super) rights: Rights,
}

impl Wanted {
    pub(super) fn accounts(&self) -> impl Iterator<Item = Account> {
        self.hosts.iter().map(|host| Account { user: self.user.to_owned(), host: host.clone() })
    }
}

struct Row<'a> {
    user: &'static str,
    password_file: &'a Option<PathBuf>,
    hosts: &'a [String],
    transport: Transport,
    max_connections: u32,
    rights: Rights,
}

/// Those with a password file, and the names of those without.
pub(super) fn wanted(settings: &AccountsSettings) -> Result<(Vec<Wanted>, Vec<&'static str>), AccountsError> {
    let AccountsSettings { migrator, transformer, data_studio, researcher } = settings;
    let tls = |certificate| if certificate { Transport::ClientCertificate } else { Transport::Tls };
    let rows = [
        Row {
            user: "migrator",
            password_file: &migrator.password_file,
            hosts: &migrator.hosts,
            transport: Transport::Any,
            max_connections: 0,
            rights: Rights::Everything,
        },
        Row {
            user: "transformer",
            password_file: &transformer.password_file,
            hosts: &transformer.hosts,
            transport: Transport::Any,
            max_connections: 0,
            rights: Rights::Rows,
        },
        Row {
            user: DATA_STUDIO,
            password_file: &data_studio.password_file,
            hosts: &data_studio.hosts,
            transport: tls(data_studio.client_certificate),
            max_connections: data_studio.max_connections,
            rights: Rights::Views("ds_"),
        },
        Row {
            user: "researcher",
            password_file: &researcher.password_file,
            hosts: &researcher.hosts,
            transport: tls(researcher.client_certificate),
            max_connections: researcher.max_connections,
            rights: Rights::Views("base_"),
        },
    ];
    let (mut wanted, mut without) = (Vec::new(), Vec::new());
    for row in rows {
        match row.password_file {
            Some(file) => wanted.push(row.with_password(file)?),
            None => without.push(row.user),
        }
    }
    Ok((wanted, without))
}

impl Row<'_> {
    fn with_password(self, file: &std::path::Path) -> Result<Wanted, AccountsError> {
        let key = format!("accounts.{}.password_file", self.user);
        let password = Secret::read(&key, file)?;
        if password.expose().chars().any(char::is_control) {
            return Err(AccountsError::Password { key });
        }
        if self.hosts.is_empty() {
            return Err(AccountsError::NoHosts { user: self.user });
        }
        let odd = |host: &&String| {
            host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || HOST_LETTERS.contains(c))
        };
        if let Some(host) = self.hosts.iter().find(odd) {
            return Err(AccountsError::Host { user: self.user, host: host.clone() });
        }
        Ok(Wanted {
            user: self.user,
            hosts: self.hosts.to_vec(),
            password,
            transport: self.transport,
            max_connections: self.max_connections,
            rights: self.rights,
        })
    }
}
