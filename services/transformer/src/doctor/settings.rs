//! Settings of the doctor: section `doctor`, what Data Studio's form is filled in with.

use std::path::PathBuf;

use serde::Deserialize;

/// What an outside client is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoctorSettings {
    /// Host name or address, as clients write it.
    pub host: Option<String>,
    /// Port.
    pub port: u16,
    /// The CA's certificate.
    pub ca_file: Option<PathBuf>,
    /// Account.
    pub user: String,
    /// File with its password.
    pub password_file: Option<PathBuf>,
    /// Client certificate, where the account demands one.
    pub client_cert_file: Option<PathBuf>,
    /// Its key.
    pub client_key_file: Option<PathBuf>,
}
