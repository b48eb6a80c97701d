//! Java's trust store, which Debian makes in a package script: written from the system's bundle of roots.

use std::path::{Path, PathBuf};

use p12_keystore::{Certificate, KeyStore, KeyStoreEntry};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::error::SetupError;

const SYSTEM_BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";
/// Java's customary password: the store holds public certificates only.
pub const PASSWORD: &str = "changeit";

/// Writes the roots this machine trusts (`SSL_CERT_FILE`, else the system's bundle) as PKCS#12.
pub(super) fn write(path: &Path) -> Result<(), SetupError> {
    let bundle =
        std::env::var_os("SSL_CERT_FILE").map_or_else(|| PathBuf::from(SYSTEM_BUNDLE), PathBuf::from);
    of_bundle(&bundle, path)
}

/// Writes the certificates of a PEM file as a PKCS#12 trust store: Java reads no PEM.
///
/// # Errors
/// The file holds no certificate, or the store cannot be written.
pub fn of_bundle(bundle: &Path, path: &Path) -> Result<(), SetupError> {
    let failed = |reason: String| SetupError::TrustStore { bundle: bundle.to_owned(), reason };
    let roots = CertificateDer::pem_file_iter(bundle)
        .map_err(|error| failed(format!("{error}; is the package ca-certificates installed?")))?;
    let mut store = KeyStore::new();
    for (number, root) in roots.enumerate() {
        let root = root.map_err(|error| failed(error.to_string()))?;
        // A root this library cannot read is one Maven does without.
        if let Ok(certificate) = Certificate::from_der(&root) {
            store.add_entry(&format!("root-{number}"), KeyStoreEntry::Certificate(certificate));
        }
    }
    if store.entries_len() == 0 {
        return Err(failed("it holds no certificate".to_owned()));
    }
    let bytes = store
        .writer(PASSWORD)
        .encryption_iterations(1000)
        .mac_iterations(1000)
        .write()
        .map_err(|error| failed(error.to_string()))?;
    std::fs::write(path, bytes).map_err(SetupError::io("write", path))
}

/// The options that make Java use the store.
pub(super) fn java_options(store: &Path) -> String {
    format!(
        "-Djavax.net.ssl.trustStore={} -Djavax.net.ssl.trustStoreType=PKCS12 \
         -Djavax.net.ssl.trustStorePassword={PASSWORD}",
        store.display()
    )
}
