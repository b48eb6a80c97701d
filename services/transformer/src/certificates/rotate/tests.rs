//! Rotation on files: what is kept, what is refused, what a later run finds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use bootstrap::DurationText;
use time::Duration;
use time::macros::datetime;

use super::*;
use crate::certificates::KeyKind;
use crate::certificates::make::make;
use crate::certificates::show::show;

const NOW: OffsetDateTime = datetime!(2026-11-27 10:00 UTC);
const HOW: How = How { client: false, drop_names: false };

fn settings(names: &[&str]) -> CertificateSettings {
    let days = |text: &str| text.parse::<DurationText>().unwrap();
    CertificateSettings {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        organisation: "garimpo".to_owned(),
        key: KeyKind::EcdsaP256,
        ca_valid_for: days("1000d"),
        server_valid_for: days("397d"),
        client_valid_for: days("397d"),
    }
}

fn nobody() -> AdminSettings {
    AdminSettings {
        socket: None,
        host: None,
        port: 3306,
        ca_file: None,
        user: "root".to_owned(),
        password_file: None,
    }
}

async fn rotated(out: &Path, names: &[&str], how: How, now: OffsetDateTime) -> Result<String, String> {
    rotate(out, &settings(names), how, &nobody(), now).await.map_err(|error| error.to_string())
}

fn server(out: &Path) -> Facts {
    facts_of(&out.join("server-cert.pem")).unwrap()
}

/// Every file with its content, links as what they lead to.
fn contents(out: &Path) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = fs::read_dir(out)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            (entry.file_name().into_string().unwrap(), text)
        })
        .collect();
    all.sort();
    all
}

#[test]
fn nothing_that_exists_is_overwritten_and_all_of_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("tls");
    make(&out, &settings(&["localhost"]), NOW).unwrap();
    let before = contents(&out);
    let refused = make(&out, &settings(&["localhost"]), NOW).unwrap_err().to_string();
    insta::assert_snapshot!(refused.replace(&out.display().to_string(), "DIR"));
    assert_eq!(contents(&out), before);

    let half = folder.path().join("half");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("ca.pem"), "somebody's").unwrap();
    let refused = make(&half, &settings(&["localhost"]), NOW).unwrap_err().to_string();
    assert!(refused.contains("already holds ca.pem: nothing was written"), "{refused}");
    assert_eq!(contents(&half), [("ca.pem".to_owned(), "somebody's".to_owned())]);
}

#[test]
fn keys_are_their_owners_alone_and_what_was_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let told = make(out, &settings(&["db.example.org", "192.0.2.7"]), NOW).unwrap();
    insta::assert_snapshot!(told.replace(&out.display().to_string(), "DIR"));
    for key in ["ca-key.pem", "server-key.pem", "client-key.pem"] {
        assert_eq!(fs::metadata(out.join(key)).unwrap().permissions().mode() & 0o777, 0o600, "{key}");
    }
    for certificate in ["ca.pem", "server-cert.pem", "client-cert.pem"] {
        assert_eq!(fs::metadata(out.join(certificate)).unwrap().permissions().mode() & 0o777, 0o644);
    }
    for names in [&[][..], &["db.example.org:3306"]] {
        let refused = make(&out.join("other"), &settings(names), NOW).unwrap_err().to_string();
        assert!(refused.starts_with("certificates.names: "), "{refused}");
        assert!(!out.join("other").exists(), "something was written");
    }
}

#[tokio::test]
async fn a_new_pair_takes_the_old_ones_place_with_its_names_and_the_old_one_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    make(out, &settings(&["db.example.org", "192.0.2.7"]), NOW).unwrap();
    let (old, ca) = (server(out), fs::read(out.join("ca.pem")).unwrap());
    let client = fs::read(out.join("client-cert.pem")).unwrap();
    let told = rotated(out, &[], HOW, NOW + Duration::days(90)).await.unwrap();
    let new = server(out);
    let told = told.replace(&out.display().to_string(), "DIR").replace(&new.serial, "SERIAL");
    insta::assert_snapshot!(told);
    assert_eq!((&new.names, new.is_ca), (&old.names, false));
    assert_ne!((&new.serial, &new.public_key), (&old.serial, &old.public_key));
    assert!(new.has_key(&fs::read_to_string(out.join("server-key.pem")).unwrap()).unwrap());
    assert_eq!(facts_of(&out.join("server.previous/server-cert.pem")).unwrap(), old);
    assert_eq!(fs::read(out.join("ca.pem")).unwrap(), ca);
    assert_eq!(fs::read(out.join("client-cert.pem")).unwrap(), client);
    rotated(out, &[], How { client: true, ..HOW }, NOW).await.unwrap();
    assert_ne!(fs::read(out.join("client-cert.pem")).unwrap(), client);
    assert_eq!(show(out, NOW).unwrap().wrong, 0);
}

#[tokio::test]
async fn no_name_is_lost_by_accident() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    make(out, &settings(&["db.example.org", "192.0.2.7"]), NOW).unwrap();
    let old = server(out);
    let refused = rotated(out, &["db.example.org", "new.example.org"], HOW, NOW).await.unwrap_err();
    insta::assert_snapshot!(refused);
    assert_eq!(server(out), old);
    rotated(out, &["db.example.org"], How { drop_names: true, ..HOW }, NOW).await.unwrap();
    assert_eq!(listed(&server(out).names), "db.example.org");
    rotated(out, &["db.example.org", "new.example.org"], HOW, NOW).await.unwrap();
    assert_eq!(listed(&server(out).names), "db.example.org, new.example.org");
}

#[tokio::test]
async fn what_cannot_be_rotated_is_left_alone_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    make(out, &settings(&["localhost"]), NOW).unwrap();
    let old = server(out);
    let late = rotated(out, &[], HOW, NOW + Duration::days(700)).await.unwrap_err();
    assert!(late.contains("certificates.server_valid_for to at most 300d"), "{late}");
    fs::rename(out.join("ca-key.pem"), folder.path().join("kept.pem")).unwrap();
    let no_key = rotated(out, &[], HOW, NOW).await.unwrap_err();
    assert!(no_key.contains("ca-key.pem") && no_key.contains("bring it back"), "{no_key}");
    fs::rename(folder.path().join("kept.pem"), out.join("ca-key.pem")).unwrap();
    let held = Folder::lock(out).unwrap();
    let busy = rotated(out, &[], HOW, NOW).await.unwrap_err();
    assert!(busy.contains("in use by another certificates command"), "{busy}");
    drop(held);
    assert_eq!(server(out), old);
    // As another tool lays it out.
    fs::remove_file(out.join("server")).unwrap();
    fs::remove_file(out.join("server-cert.pem")).unwrap();
    fs::copy(out.join("server.1/server-cert.pem"), out.join("server-cert.pem")).unwrap();
    let foreign = rotated(out, &[], HOW, NOW).await.unwrap_err();
    assert!(foreign.contains("not laid out by"), "{foreign}");
}
