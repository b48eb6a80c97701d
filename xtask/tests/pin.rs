//! `cargo xtask ci pin` on a repository of its own: it pins once, and does nothing on its own commit.

#![expect(clippy::unwrap_used, reason = "a step that cannot be called has failed the test")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const IMAGE: &str = "EXTRACTOR_IMAGE=registry.example.org/garimpo/extractor:";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    let ended = Command::new("git").args(identity).args(arguments).current_dir(folder).output().unwrap();
    assert!(ended.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap().trim().to_owned()
}

/// The step as a runner calls it, with these digests in hand.
fn pin(clone: &Path, pins: &str) -> Output {
    let mut step = Command::new(env!("CARGO_BIN_EXE_xtask"));
    step.args(["ci", "pin"]).env("CARGO_MANIFEST_DIR", clone.join("xtask")).env("CI_PINS", pins);
    step.env_remove("CI_REMOTE").output().unwrap()
}

fn references(bare: &Path) -> String {
    git(bare, &["for-each-ref", "--format=%(refname) %(objectname)"])
}

#[test]
fn a_release_is_pinned_once_and_its_pin_commit_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (bare, clone) = (folder.path().join("bare.git"), folder.path().join("clone"));
    git(folder.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "bare.git"]);
    git(folder.path(), &["clone", "--quiet", "bare.git", "clone"]);
    fs::create_dir_all(clone.join("compose")).unwrap();
    fs::create_dir_all(clone.join("xtask")).unwrap();
    for commit in ["first", "second"] {
        let digest = "0".repeat(64);
        fs::write(clone.join("compose/pins.env"), format!("# {commit}\n{IMAGE}1@sha256:{digest}\n")).unwrap();
        git(&clone, &["add", "--all"]);
        git(&clone, &["commit", "--quiet", "--message", commit]);
    }
    git(&clone, &["push", "--quiet", "origin", "HEAD:refs/heads/main"]);

    let fresh = format!("{IMAGE}2@sha256:{}", "a".repeat(64));
    let pinned = pin(&clone, &fresh);
    assert!(pinned.status.success(), "{}", String::from_utf8_lossy(&pinned.stderr));
    let (head, after) = (git(&clone, &["rev-parse", "HEAD"]), references(&bare));
    assert_eq!(after, format!("refs/heads/hosts {head}\nrefs/heads/main {head}"));
    assert!(fs::read_to_string(clone.join("compose/pins.env")).unwrap().contains(&fresh));

    // The push of the pin commit starts the workflow again, with other digests should anything have been built.
    let again = pin(&clone, &format!("{IMAGE}3@sha256:{}", "b".repeat(64)));
    assert!(again.status.success());
    let said = String::from_utf8(again.stdout).unwrap();
    assert!(said.contains("nothing to do"), "{said}");
    assert_eq!(references(&bare), after);
    assert_eq!(git(&clone, &["status", "--porcelain"]), "");
}
