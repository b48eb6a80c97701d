//! Signing: pure but for the random numbers of keys and serial numbers.

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SanType, SerialNumber,
};
use ring::rand::{SecureRandom as _, SystemRandom};
use time::OffsetDateTime;

use super::{CertificateError, KeyKind, Name, facts, names::listed};

/// Clocks differ: a certificate is valid from an hour before it was made.
const BEFORE: Duration = Duration::from_secs(3600);

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Presented by mysqld.
    Server,
    /// Presented by a client whose account asks for one (REQUIRE X509).
    Client,
}

impl Role {
    /// `server` or `client`: in file names and settings.
    pub fn word(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}

/// A certificate and its private key, PEM both.
#[derive(Clone)]
pub struct Issued {
    /// The certificate.
    pub certificate: String,
    /// The key, PKCS#8.
    pub key: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("certificate", &self.certificate).field("key", &"***").finish()
    }
}

/// What a leaf is to be like.
#[derive(Clone, Debug)]
pub struct Leaf<'a> {
    /// Server or client.
    pub role: Role,
    /// Whom it is valid for; the first is its common name.
    pub names: &'a [Name],
    /// `O` of the subject.
    pub organisation: &'a str,
    /// Kind of its new key.
    pub key: KeyKind,
    /// How long it is valid.
    pub valid_for: Duration,
}

/// A CA that can sign.
pub struct Authority {
    certificate: String,
    ends: OffsetDateTime,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new CA and its files' contents. Its subject carries part of its serial number, so that two CAs of one
    /// organisation can be told apart.
    ///
    /// # Errors
    /// The system gives no random numbers, or the length of time leaves the calendar.
    pub fn make(
        organisation: &str,
        kind: KeyKind,
        now: OffsetDateTime,
        valid_for: Duration,
    ) -> Result<(Self, Issued), CertificateError> {
        let serial = serial()?;
        let mark: String = serial[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        let mut params = params(&format!("{organisation} CA {mark}"), organisation, serial, now, valid_for)?;
        // No further CA below it.
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = kind.generate()?;
        let signed =
            params.self_signed(&key).map_err(|error| CertificateError::issue("sign the CA", &error))?;
        let issued = Issued { certificate: signed.pem(), key: key.serialize_pem() };
        let ends = params.not_after;
        Ok((Self { certificate: signed.pem(), ends, issuer: Issuer::new(params, key) }, issued))
    }

    /// The CA of these files.
    ///
    /// # Errors
    /// Words for what is wrong: no certificate, no CA, or a key that is not its own.
    pub fn read(certificate: &str, key: &str) -> Result<Self, String> {
        let about = facts(certificate)?;
        if !about.is_ca {
            return Err("this certificate is no CA's".to_owned());
        }
        if !about.has_key(key)? {
            return Err(
                "ca.pem and ca-key.pem are not of one another: put back those of one `certificates make`"
                    .to_owned(),
            );
        }
        let key = KeyPair::from_pem(key).map_err(|error| error.to_string())?;
        let issuer = Issuer::from_ca_cert_pem(certificate, key).map_err(|error| error.to_string())?;
        Ok(Self { certificate: certificate.to_owned(), ends: about.not_after, issuer })
    }

    /// Its certificate, PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Signs a new certificate with a new key.
    ///
    /// # Errors
    /// It would outlive the CA, or the system gives no random numbers.
    pub fn sign(&self, leaf: &Leaf<'_>, now: OffsetDateTime) -> Result<Issued, CertificateError> {
        let common = leaf.names.first().map_or_else(|| "client".to_owned(), Name::to_string);
        let mut params = params(&common, leaf.organisation, serial()?, now, leaf.valid_for)?;
        if params.not_after > self.ends {
            let left = (self.ends - now).whole_days();
            let (what, wanted, ends) = (leaf.role.word(), params.not_after, self.ends);
            return Err(CertificateError::OutlivesItsAuthority { what, wanted, ends, left });
        }
        params.use_authority_key_identifier_extension = true;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        if matches!(leaf.key, KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096) {
            // TLS 1.2 without forward secrecy, which old Java clients may still choose.
            params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
        }
        params.extended_key_usages = vec![match leaf.role {
            Role::Server => ExtendedKeyUsagePurpose::ServerAuth,
            Role::Client => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        if leaf.role == Role::Server {
            params.subject_alt_names = leaf.names.iter().map(alternative).collect::<Result<_, _>>()?;
        }
        let key = leaf.key.generate()?;
        let failed = |error: rcgen::Error| {
            CertificateError::issue("sign a certificate", &format_args!("{error} ({})", listed(leaf.names)))
        };
        let signed = params.signed_by(&key, &self.issuer).map_err(failed)?;
        Ok(Issued { certificate: signed.pem(), key: key.serialize_pem() })
    }
}

fn params(
    common: &str,
    organisation: &str,
    serial: Vec<u8>,
    now: OffsetDateTime,
    valid_for: Duration,
) -> Result<CertificateParams, CertificateError> {
    let mut params = CertificateParams::default();
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, common);
    subject.push(DnType::OrganizationName, organisation);
    params.distinguished_name = subject;
    params.serial_number = Some(SerialNumber::from(serial));
    // Certificates know whole seconds.
    let now = now.replace_nanosecond(0).unwrap_or(now);
    params.not_before = now - BEFORE;
    let ends = time::Duration::try_from(valid_for).ok().and_then(|length| now.checked_add(length));
    params.not_after = ends.filter(|ends| ends.year() < 9999).ok_or_else(|| {
        CertificateError::issue(
            "date a certificate",
            "it would end after the year 9998: set a shorter validity",
        )
    })?;
    Ok(params)
}

/// 16 random bytes, the first neither zero nor above 0x7f: a positive number that no other certificate has.
fn serial() -> Result<Vec<u8>, CertificateError> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled
        .map_err(|_| CertificateError::issue("make a serial number", "the system gives no random numbers"))?;
    bytes[0] = bytes[0] & 0x3f | 0x40;
    Ok(bytes.to_vec())
}

fn alternative(name: &Name) -> Result<SanType, CertificateError> {
    Ok(match name {
        Name::Address(address) => SanType::IpAddress(*address),
        Name::Dns(name) => {
            let text = name.as_str().try_into();
            SanType::DnsName(text.map_err(|error| CertificateError::issue("write a host name", &error))?)
        }
    })
}

#[cfg(test)]
#[path = "issue/tests.rs"]
mod tests;
