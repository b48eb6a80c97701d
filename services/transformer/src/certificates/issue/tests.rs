//! What is signed says what it is for, and is taken by a TLS client that checks it.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use time::macros::datetime;
use x509_parser::pem::parse_x509_pem;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-27 10:00:00.5 UTC);
const DAY: Duration = Duration::from_secs(86_400);

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn authority(kind: KeyKind) -> (Authority, Issued) {
    Authority::make("garimpo", kind, NOW, DAY * 3650).unwrap()
}

fn leaf<'a>(role: Role, names: &'a [Name], key: KeyKind) -> Leaf<'a> {
    Leaf { role, names, organisation: "garimpo", key, valid_for: DAY * 397 }
}

/// As a client with VERIFY_IDENTITY does.
fn verified(ca: &str, certificate: &str, name: &str, at: OffsetDateTime) -> Result<(), rustls::Error> {
    use rustls::client::danger::ServerCertVerifier as _;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_secs(at.unix_timestamp().unsigned_abs()));
    verifier.verify_server_cert(&certificate, &[], &name, &[], at).map(|_| ())
}

#[test]
fn a_client_that_checks_chain_name_and_time_takes_the_server_and_nothing_else() {
    let names = names(&["db.example.org", "192.0.2.7", "2001:db8::7"]);
    for kind in [KeyKind::EcdsaP256, KeyKind::EcdsaP384] {
        let (authority, _) = authority(kind);
        let server = authority.sign(&leaf(Role::Server, &names, kind), NOW).unwrap();
        let ca = authority.certificate();
        for name in ["db.example.org", "192.0.2.7", "2001:db8::7"] {
            verified(ca, &server.certificate, name, NOW).unwrap();
        }
        verified(ca, &server.certificate, "db.example.org", NOW + DAY * 396).unwrap();
        for (name, at) in [
            ("other.example.org", NOW),
            ("192.0.2.8", NOW),
            ("db.example.org", NOW + DAY * 398),
            ("db.example.org", NOW - DAY),
        ] {
            verified(ca, &server.certificate, name, at).unwrap_err();
        }
        let (other, _) = Authority::make("garimpo", kind, NOW, DAY * 3650).unwrap();
        verified(other.certificate(), &server.certificate, "db.example.org", NOW).unwrap_err();
        let client = authority.sign(&leaf(Role::Client, &names, kind), NOW).unwrap();
        verified(ca, &client.certificate, "db.example.org", NOW).unwrap_err();
    }
}

#[test]
fn an_rsa_key_is_made_and_signed_with() {
    let names = names(&["localhost"]);
    let (authority, ca) = authority(KeyKind::Rsa2048);
    let server = authority.sign(&leaf(Role::Server, &names, KeyKind::Rsa2048), NOW).unwrap();
    verified(&ca.certificate, &server.certificate, "localhost", NOW).unwrap();
    let about = facts(&server.certificate).unwrap();
    assert_eq!(about.key, "rsa-2048");
    assert!(about.has_key(&server.key).unwrap());
}

#[test]
fn extensions_say_what_each_certificate_is_for() {
    let names = names(&["db.example.org"]);
    let (authority, ca) = authority(KeyKind::EcdsaP256);
    let server = authority.sign(&leaf(Role::Server, &names, KeyKind::EcdsaP256), NOW).unwrap();
    let client = authority.sign(&leaf(Role::Client, &[], KeyKind::EcdsaP256), NOW).unwrap();
    let told: Vec<String> =
        [ca, server, client].iter().map(|issued| extensions(&issued.certificate)).collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// A line for each extension, without what is random.
fn extensions(pem: &str) -> String {
    use x509_parser::extensions::ParsedExtension as E;
    let (_, block) = parse_x509_pem(pem.as_bytes()).unwrap();
    let certificate = block.parse_x509().unwrap();
    let subject: String = certificate.subject().to_string();
    let mut text = format!("{}:\n", subject.split(" CA ").next().unwrap_or_default());
    for extension in certificate.extensions() {
        let critical = if extension.critical { " (critical)" } else { "" };
        let words = match extension.parsed_extension() {
            E::BasicConstraints(basic) => format!("CA {}, path {:?}", basic.ca, basic.path_len_constraint),
            E::KeyUsage(usage) => format!("key usage {usage}"),
            E::ExtendedKeyUsage(usage) => {
                format!("extended key usage: server {}, client {}", usage.server_auth, usage.client_auth)
            }
            E::SubjectAlternativeName(names) => format!("names {:?}", names.general_names),
            E::SubjectKeyIdentifier(id) => format!("subject key id of {} bytes", id.0.len()),
            E::AuthorityKeyIdentifier(id) => {
                format!("authority key id of {} bytes", id.key_identifier.as_ref().map_or(0, |id| id.0.len()))
            }
            other => format!("{other:?}"),
        };
        text.push_str(&format!("  {words}{critical}\n"));
    }
    text
}

#[test]
fn serial_numbers_and_authorities_are_never_the_same_twice() {
    let names = names(&["localhost"]);
    let (first, ca) = authority(KeyKind::EcdsaP256);
    let (_, other) = authority(KeyKind::EcdsaP256);
    let of = |issued: &Issued| facts(&issued.certificate).unwrap();
    assert_ne!(of(&ca).subject, of(&other).subject);
    let serials: std::collections::BTreeSet<String> = (0..20)
        .map(|_| of(&first.sign(&leaf(Role::Server, &names, KeyKind::EcdsaP256), NOW).unwrap()).serial)
        .collect();
    assert_eq!(serials.len(), 20);
    assert!(serials.iter().all(|serial| serial.len() == 32 && !serial.starts_with(['0', '8', 'f'])));
}

#[test]
fn nothing_outlives_the_authority_that_signed_it() {
    let names = names(&["localhost"]);
    let (authority, _) = Authority::make("garimpo", KeyKind::EcdsaP256, NOW, DAY * 100).unwrap();
    let refused =
        authority.sign(&leaf(Role::Server, &names, KeyKind::EcdsaP256), NOW + DAY * 40).unwrap_err();
    insta::assert_snapshot!(refused);
    let shorter = Leaf { valid_for: DAY * 59, ..leaf(Role::Server, &names, KeyKind::EcdsaP256) };
    authority.sign(&shorter, NOW + DAY * 40).unwrap();
}

#[test]
fn an_authority_is_read_again_from_its_files_and_only_with_its_own_key() {
    let names = names(&["localhost"]);
    let (_, ca) = authority(KeyKind::EcdsaP256);
    let (_, other) = authority(KeyKind::EcdsaP256);
    let read = Authority::read(&ca.certificate, &ca.key).unwrap();
    let server = read.sign(&leaf(Role::Server, &names, KeyKind::EcdsaP384), NOW).unwrap();
    verified(&ca.certificate, &server.certificate, "localhost", NOW).unwrap();
    let why = |certificate: &str, key: &str| Authority::read(certificate, key).err().unwrap();
    assert!(why(&ca.certificate, &other.key).contains("not of one another"));
    assert!(why(&server.certificate, &server.key).contains("no CA's"));
    assert!(why(&ca.certificate, "words").contains("no private key"));
    assert!(why("words", &ca.key).contains("no certificate"));
    assert!(!format!("{ca:?}").contains(ca.key.lines().nth(1).unwrap()), "a key is printed");
}
