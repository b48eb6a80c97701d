//! What administrators' commands need: no broker, no MySQL but the one they name themselves.

use bootstrap::{ConfigError, Layers, Loaded, Schema, TelemetrySettings};
use serde::Deserialize;

use super::SCHEMA;
use crate::accounts::AccountsSettings;
use crate::admin::AdminSettings;
use crate::certificates::CertificateSettings;
use crate::doctor::DoctorSettings;

/// The sections that provisioning reads.
#[derive(Clone, Debug, Deserialize)]
pub struct Provisioning {
    /// `[certificates]`
    pub certificates: CertificateSettings,
    /// `[admin]`
    pub admin: AdminSettings,
    /// `[accounts]`
    pub accounts: AccountsSettings,
    /// `[doctor]`
    pub doctor: DoctorSettings,
    /// `[mysql]`, of which only the database matters here.
    pub mysql: Place,
    /// `[telemetry]`, for the log.
    pub telemetry: TelemetrySettings,
}

/// Where the tables are.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// Database.
    pub database: String,
}

/// Reads all layers; what only `run` needs may be missing.
///
/// # Errors
/// Unknown or wrong settings, each named with its origin.
pub fn load(layers: &Layers) -> Result<Loaded<Provisioning>, ConfigError> {
    Schema { required: &[], ..SCHEMA }.load(layers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_with(variables: &[(&str, &str)]) -> Result<Loaded<Provisioning>, ConfigError> {
        let environment = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        load(&Layers { environment, ..Layers::default() })
    }

    #[test]
    fn administrators_commands_need_no_broker_and_take_lists_from_the_environment() {
        let settings = load_with(&[
            ("TRANSFORMER_CERTIFICATES__NAMES", "db.example.org, 192.0.2.7"),
            ("TRANSFORMER_ACCOUNTS__MIGRATOR__HOSTS", "172.28.0.0/255.255.255.0,localhost"),
            ("TRANSFORMER_ACCOUNTS__DATA_STUDIO__CLIENT_CERTIFICATE", "true"),
        ]);
        let settings = settings.unwrap().value;
        assert_eq!(settings.certificates.names, ["db.example.org", "192.0.2.7"]);
        assert_eq!(settings.accounts.migrator.hosts, ["172.28.0.0/255.255.255.0", "localhost"]);
        assert!(settings.accounts.data_studio.client_certificate);
        assert!(settings.accounts.researcher.pseudonymise_authors);
        assert!(!settings.admin.is_configured());
    }

    #[test]
    fn what_cannot_work_is_refused_with_its_origin_and_reason() {
        let wrong = [
            [("TRANSFORMER_CERTIFICATES__KEY", "rsa-1024")],
            [("TRANSFORMER_ACCOUNTS__DATA_STUDIO__QUERY_TIME", "half a minute")],
            [("TRANSFORMER_ACCOUNTS__DATA_STUDIO__HOST", "%")],
            [("TRANSFORMER_ACCOUNTS__RESEARCHER__MAX_CONNECTIONS", "-1")],
        ];
        let told: Vec<String> =
            wrong.iter().map(|variables| load_with(variables).unwrap_err().to_string()).collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
