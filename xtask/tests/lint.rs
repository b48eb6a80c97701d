//! Each linter finds a fault that is put before it: a table's mistake would let everything pass.

use std::{fs, path::Path, process::Command};

/// A linter, a file it reads, and a text with a fault it has to find.
const FAULTS: [(&str, &str, &str, &str); 3] = [
    ("yamllint", "faulty.yaml", "a: 1\na: 2\n", "duplication of key \"a\""),
    ("ruff", "faulty.py", "import os\n", "F401"),
    ("sqlfluff", "migrations/9999_faulty.sql", "SELECT a FROM\n", "unparsable"),
];

#[test]
fn a_fault_of_each_language_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let here = folder.path();
    for settings in [".yamllint.yaml", ".sqlfluff", "ruff.toml"] {
        fs::copy(root.join(settings), here.join(settings)).unwrap();
    }
    fs::create_dir(here.join("migrations")).unwrap();
    assert!(Command::new("git").args(["init", "--quiet"]).current_dir(here).status().unwrap().success());
    for (linter, file, text, told) in FAULTS {
        fs::write(here.join(file), text).unwrap();
        let mut lint = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let ended = lint.args(["lint", linter, "--of"]).arg(here).output().unwrap();
        let output =
            String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && output.contains(told), "{linter}: {output}");
        fs::remove_file(here.join(file)).unwrap();
    }
}
