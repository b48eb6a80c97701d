//! What a certificate says.

use std::net::IpAddr;

use rcgen::{KeyPair, PublicKeyData as _};
use time::OffsetDateTime;
use x509_parser::extensions::GeneralName;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::X509Certificate;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::Name;

/// What there is to know about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whose it is, as `CN=…, O=…`.
    pub subject: String,
    /// Names it is valid for.
    pub names: Vec<Name>,
    /// Serial number, hex.
    pub serial: String,
    /// First moment.
    pub not_before: OffsetDateTime,
    /// Last moment.
    pub not_after: OffsetDateTime,
    /// May it sign others.
    pub is_ca: bool,
    /// Kind of its key, as in the setting `certificates.key`.
    pub key: String,
    /// Its public key with the algorithm, DER.
    pub public_key: Vec<u8>,
    /// All of it, DER.
    pub der: Vec<u8>,
}

/// Reads the first certificate of a PEM text.
///
/// # Errors
/// Words for what is wrong with it.
pub fn facts(pem: &str) -> Result<Facts, String> {
    let (_, block) =
        parse_x509_pem(pem.as_bytes()).map_err(|_| "this is no certificate in PEM".to_owned())?;
    let certificate = block.parse_x509().map_err(|error| format!("this is no certificate: {error}"))?;
    Ok(Facts {
        subject: certificate.subject().to_string(),
        names: names(&certificate)?,
        serial: certificate.raw_serial().iter().map(|byte| format!("{byte:02x}")).collect(),
        not_before: certificate.validity().not_before.to_datetime(),
        not_after: certificate.validity().not_after.to_datetime(),
        is_ca: certificate.is_ca(),
        key: key(certificate.public_key()),
        public_key: certificate.public_key().raw.to_vec(),
        der: block.contents.clone(),
    })
}

impl Facts {
    /// Whole days until its end, rounded down; below zero when it is over.
    pub fn days_left(&self, now: OffsetDateTime) -> i64 {
        let left = self.not_after - now;
        left.whole_seconds().div_euclid(86_400)
    }

    /// Whether `key` (PEM, PKCS#8) is its private key.
    ///
    /// # Errors
    /// Words for why the key cannot be read.
    pub fn has_key(&self, key: &str) -> Result<bool, String> {
        let key = KeyPair::from_pem(key)
            .map_err(|error| format!("this is no private key in PKCS#8 PEM: {error}"))?;
        Ok(key.subject_public_key_info() == self.public_key)
    }

    /// Whether `authority` signed it.
    pub fn is_signed_by(&self, authority: &Self) -> bool {
        let parsed = x509_parser::parse_x509_certificate(&self.der);
        let signer = x509_parser::parse_x509_certificate(&authority.der);
        match (parsed, signer) {
            (Ok((_, parsed)), Ok((_, signer))) => {
                parsed.issuer() == signer.subject()
                    && parsed.verify_signature(Some(signer.public_key())).is_ok()
            }
            _ => false,
        }
    }
}

/// The day, as people write it.
pub(super) fn date(moment: OffsetDateTime) -> String {
    moment.date().to_string()
}

fn names(certificate: &X509Certificate<'_>) -> Result<Vec<Name>, String> {
    let extension = certificate.subject_alternative_name().map_err(|error| format!("its names: {error}"))?;
    let all = extension.iter().flat_map(|extension| &extension.value.general_names);
    Ok(all
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(Name::Dns(name.to_ascii_lowercase())),
            GeneralName::IPAddress(bytes) => address(bytes).map(Name::Address),
            _ => None,
        })
        .collect())
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

fn key(info: &SubjectPublicKeyInfo<'_>) -> String {
    match info.parsed() {
        Ok(PublicKey::RSA(key)) => format!("rsa-{}", key.key_size()),
        Ok(PublicKey::EC(point)) => format!("ecdsa-p{}", point.key_size()),
        _ => "a key of another kind".to_owned(),
    }
}
