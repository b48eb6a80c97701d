//! The flake's lock holds the pinned inputs, and no others.

use std::{fs, path::Path};

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
