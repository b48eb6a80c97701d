//! `cargo xtask ci updates` with a registry and a GitHub that only answer: a pull request where none is open, its checks in any case.

#![expect(clippy::unwrap_used, reason = "a step that cannot be called has failed the test")]

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

const NEWEST: &str = "sha256:bb";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    let ended = Command::new("git").args(identity).args(arguments).current_dir(folder).output().unwrap();
    assert!(ended.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap().trim().to_owned()
}

fn program(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What GitHub is asked where this many pull requests of the branch are open.
fn asked(open: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (bare, clone, bin) =
        (folder.path().join("bare.git"), folder.path().join("clone"), folder.path().join("bin"));
    git(folder.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "bare.git"]);
    git(folder.path(), &["clone", "--quiet", "bare.git", "clone"]);
    for part in [&clone.join("compose"), &clone.join("xtask"), &bin] {
        fs::create_dir_all(part).unwrap();
    }
    fs::write(clone.join("compose/pins.env"), "JAEGER_IMAGE=docker.io/j/jaeger:2.1.0@sha256:aa\n").unwrap();
    git(&clone, &["add", "--all"]);
    git(&clone, &["commit", "--quiet", "--message", "first"]);

    let calls = folder.path().join("calls");
    program(
        &bin,
        "skopeo",
        &format!(
            r#"case $1 in list-tags) echo '{{"Tags": ["2.1.0", "2.1.3"]}}' ;; *) echo {NEWEST} ;; esac"#
        ),
    );
    program(
        &bin,
        "gh",
        &format!(r#"echo "$*" >>{}; [ "$1 $2" != "pr list" ] || echo {open}"#, calls.display()),
    );
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut step = Command::new(env!("CARGO_BIN_EXE_xtask"));
    step.args(["ci", "updates"]).env("CARGO_MANIFEST_DIR", clone.join("xtask")).env("PATH", path);
    let ended = step.env("GH_TOKEN", "any").env_remove("CI_REMOTE").output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let pushed = git(&bare, &["show", "pin-updates:compose/pins.env"]);
    assert_eq!(pushed, format!("JAEGER_IMAGE=docker.io/j/jaeger:2.1.3@{NEWEST}"));
    fs::read_to_string(calls).unwrap()
}

#[test]
fn a_pull_request_is_made_where_none_is_open_whatever_was_merged_before() {
    let asked = asked("0");
    assert!(asked.contains("--state open"), "{asked}");
    assert!(asked.contains("pr create --base main --head pin-updates"), "{asked}");
    assert!(asked.contains("workflow run check.yml --ref pin-updates"), "{asked}");
}

#[test]
fn what_is_pushed_to_an_open_pull_request_is_checked_too() {
    let asked = asked("1");
    assert!(!asked.contains("pr create"), "{asked}");
    assert!(asked.contains("workflow run check.yml --ref pin-updates"), "{asked}");
}
