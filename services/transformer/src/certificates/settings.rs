//! Settings of new certificates: section `certificates`.

use bootstrap::DurationText;
use serde::Deserialize;

use super::KeyKind;

/// What new certificates are like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateSettings {
    /// Host names and addresses the server is reached by, as clients write them.
    pub names: Vec<String>,
    /// `O` of every subject.
    pub organisation: String,
    /// Kind and size of every new key.
    pub key: KeyKind,
    /// How long a CA is valid.
    pub ca_valid_for: DurationText,
    /// How long a server's certificate is valid; it never outlives the CA.
    pub server_valid_for: DurationText,
    /// How long a client's certificate is valid; it never outlives the CA.
    pub client_valid_for: DurationText,
}
