//! Where Nix runs: its program, and the package set the flake is built from.

use std::{
    env, fmt,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::cargo::root;

/// A nixpkgs-like flake in a folder, instead of the pinned nixpkgs.
const NIXPKGS: &str = "GARIMPO_NIXPKGS";
/// A checkout of crane, instead of the pinned one.
const CRANE: &str = "GARIMPO_CRANE";
const FEATURES: [&str; 2] = ["--extra-experimental-features", "nix-command flakes"];

/// Nix and its package set.
pub(crate) struct Place {
    version: String,
    /// `x86_64-linux`.
    pub(super) system: String,
    overrides: Option<[PathBuf; 2]>,
}

impl Place {
    /// Looks for both; the inner error says what is not at hand.
    pub(crate) fn find() -> Result<Result<Self, String>> {
        let version = match Command::new("nix").arg("--version").output() {
            Ok(output) if output.status.success() => {
                String::from_utf8_lossy(&output.stdout).trim().to_owned()
            }
            _ => return Ok(Err("no `nix` on the PATH".to_owned())),
        };
        let given = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let overrides = match (given(NIXPKGS), given(CRANE)) {
            (Some(nixpkgs), Some(crane)) => Some([nixpkgs, crane]),
            (None, None) => None,
            _ => bail!("set both {NIXPKGS} and {CRANE}, or neither"),
        };
        let system = format!("{}-linux", env::consts::ARCH);
        let place = Self { version, system, overrides };
        if !place.overridden() {
            // Once and shortly: Nix itself tries for minutes where there is no way out.
            let mut fetch = place.command(&["flake", "archive"]);
            fetch.args(["--option", "download-attempts", "1", "--option", "connect-timeout", "10"]);
            let fetched = fetch.output().context("nix could not be started")?;
            if !fetched.status.success() {
                let words = String::from_utf8_lossy(&fetched.stderr);
                let word = words.lines().rev().find(|line| line.contains("error:")).unwrap_or("").trim();
                return Ok(Err(format!(
                    "the pinned nixpkgs cannot be fetched, and {NIXPKGS} and {CRANE} name no other: {word}"
                )));
            }
        }
        Ok(Ok(place))
    }

    /// Whether something else stands in for the pinned nixpkgs.
    pub(super) fn overridden(&self) -> bool {
        self.overrides.is_some()
    }

    /// A call of nix in the repository's root, with the inputs in their place.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("nix");
        command.args(self.arguments(arguments)).current_dir(root());
        command
    }

    /// The arguments of such a call.
    pub(super) fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let mut words: Vec<String> = FEATURES.iter().chain(arguments).map(|&word| word.to_owned()).collect();
        for (input, folder) in ["nixpkgs", "crane"].iter().zip(self.overrides.iter().flatten()) {
            words.extend(["--override-input".to_owned(), (*input).to_owned()]);
            words.push(format!("path:{}", folder.display()));
        }
        words.push("--no-write-lock-file".to_owned());
        words
    }

    /// Runs nix to its end.
    pub(super) fn nix(&self, arguments: &[&str]) -> Result<()> {
        let status = self.command(arguments).status().context("nix could not be started")?;
        if status.success() { Ok(()) } else { bail!("nix {} ended with {status}", arguments.join(" ")) }
    }

    /// Builds, with Nix's own progress, and returns each one's path in the store.
    pub(super) fn build(&self, outputs: &[String]) -> Result<Vec<PathBuf>> {
        let mut arguments = vec!["build", "--no-link", "--print-out-paths", "--print-build-logs"];
        arguments.extend(outputs.iter().map(String::as_str));
        let built = self.command(&arguments).stderr(Stdio::inherit()).output();
        let built = built.context("nix could not be started")?;
        if !built.status.success() {
            bail!("nix build {} ended with {}", outputs.join(" "), built.status);
        }
        Ok(String::from_utf8_lossy(&built.stdout).lines().map(PathBuf::from).collect())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.overrides {
            Some([nixpkgs, crane]) => {
                write!(
                    f,
                    "{}, nixpkgs from {}, crane from {}",
                    self.version,
                    nixpkgs.display(),
                    crane.display()
                )
            }
            None => write!(f, "{}, the pinned nixpkgs and crane", self.version),
        }
    }
}
