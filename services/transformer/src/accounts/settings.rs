//! Settings of the accounts: section `accounts`.

use std::path::PathBuf;

use bootstrap::DurationText;
use serde::Deserialize;

/// Every account that is provisioned.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountsSettings {
    /// Changes tables.
    pub migrator: AccountSettings,
    /// Reads and writes rows.
    pub transformer: AccountSettings,
    /// Reads the views of charts.
    pub data_studio: AnalystSettings,
    /// Reads the base views.
    pub researcher: ResearcherSettings,
}

/// An account of the internal network.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSettings {
    /// File with its password; without one the account is left alone.
    pub password_file: Option<PathBuf>,
    /// Where it may come from: MySQL's host patterns.
    pub hosts: Vec<String>,
}

/// An account that comes in from outside, by TLS.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalystSettings {
    /// File with its password; without one the account is left alone.
    pub password_file: Option<PathBuf>,
    /// Where it may come from: MySQL's host patterns.
    pub hosts: Vec<String>,
    /// Whether it has to present a certificate of the CA as well.
    pub client_certificate: bool,
    /// Most connections at a time; 0 is no limit.
    pub max_connections: u32,
    /// Longest run of one SELECT; 0 is no limit.
    pub query_time: DurationText,
}

/// The account for SQL of one's own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResearcherSettings {
    /// File with its password; without one the account is left alone.
    pub password_file: Option<PathBuf>,
    /// Where it may come from: MySQL's host patterns.
    pub hosts: Vec<String>,
    /// Whether it has to present a certificate of the CA as well.
    pub client_certificate: bool,
    /// Most connections at a time; 0 is no limit.
    pub max_connections: u32,
    /// Whether base views show pseudonyms in place of authors' names.
    pub pseudonymise_authors: bool,
}
