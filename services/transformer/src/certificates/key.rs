//! Private keys: made here, signed with by ring.

use clap::ValueEnum;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_RSA_SHA256};
use rsa::PrivateKey;
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use serde::Deserialize;

use super::CertificateError;

/// Kind and size of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
pub enum KeyKind {
    /// NIST P-256: what TLS clients of the last ten years take, and the cheapest handshake.
    #[serde(rename = "ecdsa-p256")]
    #[value(name = "ecdsa-p256")]
    EcdsaP256,
    /// NIST P-384.
    #[serde(rename = "ecdsa-p384")]
    #[value(name = "ecdsa-p384")]
    EcdsaP384,
    /// RSA of 2048 bits, for clients that take nothing else.
    #[serde(rename = "rsa-2048")]
    #[value(name = "rsa-2048")]
    Rsa2048,
    /// RSA of 3072 bits.
    #[serde(rename = "rsa-3072")]
    #[value(name = "rsa-3072")]
    Rsa3072,
    /// RSA of 4096 bits.
    #[serde(rename = "rsa-4096")]
    #[value(name = "rsa-4096")]
    Rsa4096,
}

impl KeyKind {
    /// A new key of this kind, from the system's random numbers.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub(super) fn generate(self) -> Result<KeyPair, CertificateError> {
        let made = match self {
            Self::EcdsaP256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
            Self::EcdsaP384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
            Self::Rsa2048 => return rsa(2048),
            Self::Rsa3072 => return rsa(3072),
            Self::Rsa4096 => return rsa(4096),
        };
        made.map_err(|error| CertificateError::issue("make a key", &error))
    }
}

/// ring makes no RSA keys, so the crate `rsa` does; nothing is decrypted or signed by it.
fn rsa(bits: usize) -> Result<KeyPair, CertificateError> {
    let failed = |error: &dyn std::fmt::Display| CertificateError::issue("make an RSA key", error);
    let key = PrivateKey::new(&mut getrandom::SysRng, bits).map_err(|error| failed(&error))?;
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|error| failed(&error))?;
    KeyPair::from_pkcs8_pem_and_sign_algo(&pem, &PKCS_RSA_SHA256).map_err(|error| failed(&error))
}
