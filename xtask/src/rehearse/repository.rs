//! The bare repository that hosts follow, and a clone of this tree in which commits are made and steps of the workflows run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{cargo::root, ci::Call};

/// A bare repository and the clone that is pushed from.
pub(super) struct Repository {
    pub(super) clone: PathBuf,
    pub(super) bare: PathBuf,
}

impl Repository {
    /// Both, with the tree as it stands here, uncommitted work included.
    pub(super) fn make(folder: &Path) -> Result<Self> {
        let (clone, bare) = (folder.join("clone"), folder.join("git/garimpo.git"));
        fs::create_dir_all(&bare)?;
        Call::new("git").args(["init", "--quiet", "--bare", "--initial-branch=main"]).arg(&bare).run()?;
        Call::new("git").args(["clone", "--quiet", "--no-hardlinks"]).arg(root()).arg(&clone).run()?;
        let repository = Self { clone, bare };
        repository.git(["checkout", "--quiet", "-B", "main"])?;
        let tree = "git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null | tar -cf - -T -";
        let copy = format!("{tree} | tar -xf - -C '{}'", repository.clone.display());
        Call::new("sh").args(["-c", &copy]).run()?;
        repository.git(["remote", "set-url", "origin", &repository.bare.display().to_string()])?;
        for setting in [
            ["branch.main.remote", "origin"],
            ["branch.main.merge", "refs/heads/main"],
            ["user.name", "rehearsal"],
        ] {
            repository.git(["config", setting[0], setting[1]])?;
        }
        repository.git(["config", "user.email", "rehearsal@example.org"])?;
        Ok(repository)
    }

    /// Writes a file of the tree.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<()> {
        let file = self.clone.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }

    pub(super) fn read(&self, path: &str) -> Result<String> {
        Ok(fs::read_to_string(self.clone.join(path))?)
    }

    /// Commits everything and pushes it to main.
    pub(super) fn push(&self, message: &str) -> Result<String> {
        self.git(["add", "--all"])?;
        self.git(["commit", "--quiet", "--allow-empty", "--message", message])?;
        self.git(["push", "--quiet", "origin", "HEAD:refs/heads/main"])?;
        self.git(["rev-parse", "HEAD"])
    }

    /// A step of the workflows on the clone, as a runner does it.
    pub(super) fn step(&self, arguments: &[&str], environment: &[(&str, String)]) -> Result<String> {
        let mut call = Call::of(self.own()).arg("ci").args(arguments);
        for (name, value) in environment {
            call = call.env(name, value);
        }
        call.text()
    }

    /// This program on the clone.
    pub(super) fn own(&self) -> Command {
        let mut own = Command::new(std::env::current_exe().unwrap_or_else(|_| "xtask".into()));
        own.env("CARGO_MANIFEST_DIR", self.clone.join("xtask"));
        own
    }

    pub(super) fn git<const N: usize>(&self, arguments: [&str; N]) -> Result<String> {
        Call::new("git").arg("-C").arg(&self.clone).args(arguments).text()
    }
}
