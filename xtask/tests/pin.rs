//! `cargo xtask ci pin` on a repository of its own: it pins once, and does nothing on its own commit.

#![expect(clippy::unwrap_used, reason = "a step that cannot be called has failed the test")]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

const IMAGE: &str = "EXTRACTOR_IMAGE=registry.example.org/garimpo/extractor:";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    let ended = Command::new("git").args(identity).args(arguments).current_dir(folder).output().unwrap();
    assert!(ended.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap().trim().to_owned()
}

/// The step as a runner calls it, with these digests in hand.
fn pin(clone: &Path, pins: &str) -> Output {
    pin_at(clone, pins, "2026-01-01T00:00:00Z")
}

/// At another time the same pins make another commit.
fn pin_at(clone: &Path, pins: &str, time: &str) -> Output {
    let mut step = Command::new(env!("CARGO_BIN_EXE_xtask"));
    step.args(["ci", "pin"]).env("CARGO_MANIFEST_DIR", clone.join("xtask")).env("CI_PINS", pins);
    step.env("GIT_COMMITTER_DATE", time).env_remove("CI_REMOTE").output().unwrap()
}

/// Runners check out what was built, each time anew.
fn check_out(clone: &Path, built: &str) {
    git(clone, &["reset", "--quiet", "--hard", built]);
}

/// The step's error.
fn refused(ended: &Output) -> String {
    assert!(!ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
    String::from_utf8_lossy(&ended.stderr).into_owned()
}

/// What it says where it ends well.
fn done(ended: &Output) -> String {
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

fn references(bare: &Path) -> String {
    git(bare, &["for-each-ref", "--format=%(refname) %(objectname)"])
}

fn commit(clone: &Path, message: &str) {
    let text = format!("# {message}\n{IMAGE}1@sha256:{}\n", "0".repeat(64));
    fs::write(clone.join("compose/pins.env"), text).unwrap();
    git(clone, &["add", "--all"]);
    git(clone, &["commit", "--quiet", "--message", message]);
}

/// A server that refuses this branch, as one does that protects it.
fn protect(bare: &Path, branch: &str) {
    let hook = bare.join("hooks/update");
    let text = format!(
        "#!/bin/sh\n[ \"$1\" != refs/heads/{branch} ] || {{ echo \"{branch} is protected\"; exit 1; }}\n"
    );
    fs::write(&hook, text).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A server's repository with two commits on main, and a runner's clone of it.
struct Repositories {
    _folder: TempDir,
    bare: PathBuf,
    clone: PathBuf,
}

impl Repositories {
    fn make() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (bare, clone) = (folder.path().join("bare.git"), folder.path().join("clone"));
        git(folder.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "bare.git"]);
        git(folder.path(), &["clone", "--quiet", "bare.git", "clone"]);
        fs::create_dir_all(clone.join("compose")).unwrap();
        fs::create_dir_all(clone.join("xtask")).unwrap();
        commit(&clone, "first");
        commit(&clone, "second");
        git(&clone, &["push", "--quiet", "origin", "HEAD:refs/heads/main"]);
        Self { _folder: folder, bare, clone }
    }
}

fn fresh(letter: &str) -> String {
    format!("{IMAGE}2@sha256:{}", letter.repeat(64))
}

#[test]
fn a_release_is_pinned_once_and_its_pin_commit_is_left_alone() {
    let Repositories { _folder, bare, clone } = Repositories::make();
    done(&pin(&clone, &fresh("a")));
    let (head, after) = (git(&clone, &["rev-parse", "HEAD"]), references(&bare));
    assert_eq!(after, format!("refs/heads/hosts {head}\nrefs/heads/main {head}"));
    assert!(fs::read_to_string(clone.join("compose/pins.env")).unwrap().contains(&fresh("a")));

    // The push of the pin commit starts the workflow again, with other digests should anything have been built.
    let said = done(&pin(&clone, &fresh("b")));
    assert!(said.contains("nothing to do"), "{said}");
    assert_eq!(references(&bare), after);
    assert_eq!(git(&clone, &["status", "--porcelain"]), "");
}

#[test]
fn a_main_that_refuses_the_pin_commit_is_an_error_in_the_servers_words() {
    let Repositories { _folder, bare, clone } = Repositories::make();
    let before = references(&bare);
    protect(&bare, "main");
    let error = refused(&pin(&clone, &fresh("a")));
    assert!(error.contains("main is protected") && error.contains("let the workflow push"), "{error}");
    assert_eq!(references(&bare), before);
}

#[test]
fn a_main_that_moved_on_is_left_to_its_own_run() {
    let Repositories { _folder, bare, clone } = Repositories::make();
    let built = git(&clone, &["rev-parse", "HEAD"]);
    commit(&clone, "third");
    git(&clone, &["push", "--quiet", "origin", "HEAD:refs/heads/main"]);
    let before = references(&bare);
    check_out(&clone, &built);
    let said = done(&pin(&clone, &fresh("a")));
    assert!(said.contains("main moved on"), "{said}");
    assert_eq!(references(&bare), before);
}

#[test]
fn a_main_that_was_written_anew_is_an_error() {
    let Repositories { _folder, bare, clone } = Repositories::make();
    git(&bare, &["update-ref", "refs/heads/main", "refs/heads/main^"]);
    protect(&bare, "main");
    refused(&pin(&clone, &fresh("a")));
    assert!(!references(&bare).contains("hosts"));
}

#[test]
fn a_pin_commit_that_an_earlier_attempt_left_on_main_moves_hosts() {
    let Repositories { _folder, bare, clone } = Repositories::make();
    let built = git(&clone, &["rev-parse", "HEAD"]);
    protect(&bare, "hosts");
    let error = refused(&pin(&clone, &fresh("a")));
    assert!(error.contains("hosts is protected"), "{error}");
    let main = references(&bare);
    let pinned = main.strip_prefix("refs/heads/main ").unwrap();
    assert_ne!(pinned, built);

    // Other digests of the same commit are not what lies there.
    check_out(&clone, &built);
    let error = refused(&pin(&clone, &fresh("b")));
    assert!(error.contains("pins other images"), "{error}");
    assert_eq!(references(&bare), main);

    fs::remove_file(bare.join("hooks/update")).unwrap();
    check_out(&clone, &built);
    done(&pin_at(&clone, &fresh("a"), "2026-01-02T00:00:00Z"));
    assert_eq!(references(&bare), format!("refs/heads/hosts {pinned}\n{main}"));
}
