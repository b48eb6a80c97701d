//! The flake's lock holds the pinned inputs, and no others; its builds find what the code embeds.

use std::{
    fs,
    path::{Component, Path, PathBuf},
    process::Command,
};

use serde_json::Value;

#[test]
fn the_flakes_lock_names_the_pinned_nixpkgs_and_crane_alone() {
    let read = |path: &str| -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    // As published in November 2026; a newer pin is changed in both files.
    let (lock, mut pins) = (read("../flake.lock"), read("tests/pins/flake.json"));
    pins["root"] = serde_json::json!({ "inputs": { "crane": "crane", "nixpkgs": "nixpkgs" } });
    assert_eq!(lock["nodes"], pins);
    assert_eq!((&lock["root"], &lock["version"]), (&"root".into(), &7.into()));
}

#[test]
fn what_the_code_embeds_is_among_what_the_flakes_builds_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let read = fs::read_to_string(root.join("nix/source.nix")).unwrap();
    let listed = Command::new("git").args(["ls-files", "*.rs"]).current_dir(root).output().unwrap();
    let mut seen = 0;
    for file in String::from_utf8(listed.stdout).unwrap().lines().map(Path::new) {
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        // Put together, so that this file embeds nothing itself.
        for embedded in text.split(["include_", "str!(\""].concat().as_str()).skip(1) {
            let path = within(file.parent().unwrap(), embedded.split('"').next().unwrap());
            seen += 1;
            // Named itself or by a folder above it.
            let named = path.ancestors().any(|above| {
                let above = above.display().to_string();
                !above.is_empty()
                    && read
                        .split_whitespace()
                        .any(|word| word.trim_matches(['(', ')']) == format!("../{above}"))
            });
            assert!(
                named,
                "{} embeds {}, which nix/source.nix does not read",
                file.display(),
                path.display()
            );
        }
    }
    assert!(seen > 0, "nothing is embedded");
}

/// `relative` to `folder`, without its `..`.
fn within(folder: &Path, relative: &str) -> PathBuf {
    let mut path = folder.to_path_buf();
    for part in Path::new(relative).components() {
        if part == Component::ParentDir {
            path.pop();
        } else {
            path.push(part);
        }
    }
    path
}
