//! What is shown of a folder, good and bad.

use std::fs;

use time::Duration;
use time::macros::datetime;

use super::*;
use crate::certificates::{CertificateSettings, KeyKind, make::make};

const NOW: OffsetDateTime = datetime!(2026-11-27 10:00 UTC);

fn made(out: &Path) {
    let settings = CertificateSettings {
        names: vec!["db.example.org".to_owned(), "192.0.2.7".to_owned()],
        organisation: "garimpo".to_owned(),
        key: KeyKind::EcdsaP384,
        ca_valid_for: "1000d".parse().unwrap(),
        server_valid_for: "397d".parse().unwrap(),
        client_valid_for: "30d".parse().unwrap(),
    };
    make(out, &settings, NOW).unwrap();
}

/// Without the mark of the CA, which is random.
fn text(shown: &Shown, out: &Path) -> String {
    let ca = facts_of(&out.join("ca.pem")).unwrap().subject;
    let mark = ca.split(" CA ").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
    shown.text.replace(mark, "MARK")
}

#[test]
fn lists_whose_each_is_and_for_how_long() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    let shown = show(folder.path(), NOW + Duration::days(40)).unwrap();
    assert_eq!(shown.wrong, 1);
    insta::assert_snapshot!(text(&shown, folder.path()));
}

#[test]
fn what_does_not_fit_together_is_named() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    made(folder.path());
    made(other.path());
    let take = |name: &str, to: &str| {
        fs::copy(other.path().join(name), folder.path().join(to)).unwrap();
    };
    take("server-key.pem", "server/server-key.pem");
    take("client-cert.pem", "client/client-cert.pem");
    take("client-key.pem", "client/client-key.pem");
    let shown = show(folder.path(), NOW).unwrap();
    assert_eq!(shown.wrong, 2);
    insta::assert_snapshot!(text(&shown, folder.path()));
    let none = show(&folder.path().join("none"), NOW).err().unwrap().to_string();
    assert!(none.contains("none/ca.pem"), "{none}");
}
