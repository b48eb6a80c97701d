//! The invariants of ARCHITECTURE.md that a program can check.

#![expect(clippy::unwrap_used, reason = "what a check cannot look at has failed it")]

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use cargo_metadata::{DependencyKind, MetadataCommand};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Everything a crate of ours is built with, tests aside.
fn built_with(name: &str) -> BTreeSet<String> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).exec().unwrap();
    let resolve = metadata.resolve.as_ref().unwrap();
    let start = metadata.packages.iter().find(|package| package.name.as_str() == name).unwrap();
    let (mut seen, mut open) = (BTreeSet::new(), vec![start.id.clone()]);
    while let Some(id) = open.pop() {
        let node = resolve.nodes.iter().find(|node| node.id == id).unwrap();
        for dependency in &node.deps {
            let normal = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if normal && seen.insert(metadata[&dependency.pkg].name.to_string()) {
                open.push(dependency.pkg.clone());
            }
        }
    }
    assert!(!seen.is_empty());
    seen
}

fn tracked(pattern: &str) -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", pattern])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(listed.status.success());
    let files: Vec<PathBuf> =
        String::from_utf8(listed.stdout).unwrap().lines().map(|file| root().join(file)).collect();
    assert!(!files.is_empty(), "nothing matches {pattern}");
    files.into_iter().filter(|file| file.is_file()).collect()
}

#[test]
fn each_crate_knows_nothing_of_what_it_must_not_know() {
    for (name, unknown) in [
        ("contract", &["rdkafka", "sqlx", "reqwest", "tokio", "axum"][..]),
        ("x-api", &["rdkafka", "sqlx", "contract", "bootstrap"]),
        ("bootstrap", &["rdkafka", "sqlx", "contract", "x-api", "extractor", "transformer"]),
        ("extractor", &["sqlx", "transformer", "sandbox", "simulator"]),
        ("transformer", &["x-api", "extractor", "sandbox", "simulator"]),
        ("simulator", &["x-api", "contract", "bootstrap", "extractor", "transformer", "rdkafka", "sqlx"]),
        ("sandbox", &["extractor", "transformer", "simulator"]),
    ] {
        let known = built_with(name);
        for other in unknown {
            assert!(!known.contains(*other), "{name} is built with {other}");
        }
    }
}

#[test]
fn one_tls_stack_and_one_provider_are_built_in() {
    for name in ["extractor", "transformer"] {
        let known = built_with(name);
        for other in ["openssl-sys", "native-tls", "aws-lc-rs"] {
            assert!(!known.contains(other), "{name} is built with {other}");
        }
    }
}

#[test]
fn every_rust_file_opens_with_its_reason_and_stays_short() {
    for file in tracked("*.rs") {
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().count();
        assert!(text.starts_with("//!"), "{} does not open with a //! line", file.display());
        assert!(lines <= 400, "{} has {lines} lines: look for the seam", file.display());
    }
}

#[test]
fn nothing_refers_to_what_lies_outside_the_repository() {
    // Put together here, so that this file does not hold them itself.
    let outside = [["..", "/shared"].concat(), ["/wo", "rk/"].concat()];
    for file in tracked("*") {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for path in &outside {
            assert!(!text.contains(path), "{} names {path}", file.display());
        }
    }
}

#[test]
fn tests_wait_for_events_instead_of_sleeping() {
    let sleep = ["sleep", "("].concat();
    for file in
        tracked("*.rs").into_iter().filter(|file| file.components().any(|part| part.as_os_str() == "tests"))
    {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains(&sleep), "{} sleeps", file.display());
    }
}
