//! The table of linters, `xtask/linters/linters.toml`, with each one's lock.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Where the files go in a command.
const FILES: &str = "{files}";

/// One linter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Linter {
    /// Its name in the table, on PyPI a part of `requirements`.
    #[serde(skip)]
    pub(super) name: String,
    /// Patterns of the files it reads.
    pub(super) files: Vec<String>,
    /// Program and arguments.
    pub(super) command: Vec<String>,
    /// Variables it needs.
    #[serde(default)]
    pub(super) env: BTreeMap<String, String>,
    /// Its name in nixpkgs, for the flake's checks.
    #[serde(default, rename = "package")]
    _package: Option<String>,
    /// What the flake's check runs instead, where it can do less.
    #[serde(default, rename = "sandboxed")]
    _sandboxed: Option<Vec<String>>,
    /// The package of Go's module proxy it is built from, `module/path@version`, where PyPI does not have it.
    #[serde(default)]
    pub(super) go: Option<String>,
    /// Its lock in pip's format, with hashes; empty where it is Go's.
    #[serde(skip)]
    pub(super) requirements: String,
}

impl Linter {
    /// `arguments` with the files in their place; a linter that finds its files itself has no such place.
    pub(super) fn filled(&self, arguments: &[String], files: &[String]) -> Vec<String> {
        let place = |word: &String| if word == FILES { files.to_vec() } else { vec![word.clone()] };
        arguments.iter().flat_map(place).collect()
    }
}

/// Reads the table and the locks of `folder`, in the table's order of names.
pub(super) fn read(folder: &Path) -> Result<Vec<Linter>> {
    let text = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let table: BTreeMap<String, Linter> =
        toml::from_str(&text("linters.toml")?).context("xtask/linters/linters.toml")?;
    let with_lock = |(name, linter): (String, Linter)| {
        // Go's own checksum database looks after those.
        let lock = if linter.go.is_some() { Ok(String::new()) } else { text(&format!("{name}.txt")) };
        let requirements = lock?;
        if let Some(loose) = unpinned(&requirements) {
            bail!("xtask/linters/{name}.txt pins no version of: {loose}");
        }
        Ok(Linter { name, requirements, ..linter })
    };
    table.into_iter().map(with_lock).collect()
}

/// The first requirement without an exact version; pip itself refuses one without a hash.
fn unpinned(requirements: &str) -> Option<&str> {
    let named = |line: &&str| line.starts_with(|first: char| first.is_ascii_alphanumeric());
    requirements.lines().filter(named).find(|line| !line.contains("=="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_linter_has_a_lock_and_a_command_that_can_fail_on_a_file() {
        let linters = read(&crate::cargo::root().join("xtask/linters")).unwrap();
        assert!(linters.iter().any(|linter| linter.name == "yamllint"));
        for linter in linters {
            assert!(!linter.files.is_empty() && linter.command.len() > 1, "{}", linter.name);
            let pinned = linter.go.as_ref().is_some_and(|package| package.contains("@v"));
            assert!(pinned || linter.requirements.contains("--hash=sha256:"), "{}", linter.name);
        }
    }

    #[test]
    fn a_lock_without_an_exact_version_is_named() {
        assert_eq!(unpinned("a==1 \\\n    --hash=sha256:00\nb>=2\n"), Some("b>=2"));
        assert_eq!(unpinned("a==1 \\\n    --hash=sha256:00\n"), None);
    }

    #[test]
    fn files_stand_where_the_command_has_their_place() {
        let linters = read(&crate::cargo::root().join("xtask/linters")).unwrap();
        let arguments = ["-x", "{files}", "-y"].map(str::to_owned);
        let filled = linters[0].filled(&arguments, &["a".to_owned(), "b".to_owned()]);
        assert_eq!(filled, ["-x", "a", "b", "-y"]);
    }
}
