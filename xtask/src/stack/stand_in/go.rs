//! Programs of Go's module proxy, built once and kept. The checksum database stays on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sandbox::setup::{Step, fetch_packages, machine_archive};

use super::super::run::{output, watched};
use super::Kitchen;

/// The oldest Go that builds all of it; newer toolchains than that are not fetched by Go itself.
const OLDEST: (u32, u32) = (1, 25);

/// A Go that is new enough.
#[derive(Debug, Clone)]
pub(super) struct Go {
    program: PathBuf,
    root: Option<PathBuf>,
}

impl Go {
    /// The machine's own, else Debian sid's.
    pub(super) fn provide(kitchen: &Kitchen<'_>) -> Result<Self> {
        let own = Self { program: "go".into(), root: None };
        if own.version().is_some_and(|version| version >= OLDEST) {
            return Ok(own);
        }
        let folder = kitchen.cache.provide("go-sid", kitchen.progress, |folder, step| {
            let archive =
                machine_archive("Go 1.25 or newer", "install Go so that `go` is on the PATH", "sid")?;
            let packages =
                fetch_packages(kitchen.cache, kitchen.lock, &archive, &["golang-go"], folder, step)?;
            let own = packages.iter().find(|package| package.file.starts_with("golang-go_"));
            Ok(format!("{} of Debian sid", own.map_or("Go", |package| &package.file)))
        })?;
        let homes = folder.join("usr/lib");
        let names =
            fs::read_dir(&homes).with_context(|| format!("cannot read {}", homes.display()))?.flatten();
        let root = names
            .map(|entry| entry.path())
            .find(|path| path.join("bin/go").exists())
            .context("no Go was unpacked")?;
        // Its sources lie in /usr/share, where the package's links lead only once it is installed.
        for entry in fs::read_dir(&root)?.flatten().filter(|entry| entry.path().is_symlink()) {
            let to = fs::read_link(entry.path())?;
            if let Ok(inside) = to.strip_prefix("/") {
                fs::remove_file(entry.path())?;
                std::os::unix::fs::symlink(folder.join(inside), entry.path())?;
            }
        }
        Ok(Self { program: root.join("bin/go"), root: Some(root) })
    }

    /// A call in `folder`.
    pub(super) fn call(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(folder);
        self.surround(&mut command);
        command
    }

    /// For this and for programs that call `go` themselves: static programs, one toolchain, no workspace of somebody else's.
    pub(super) fn surround(&self, command: &mut Command) {
        command.env("CGO_ENABLED", "0").env("GOTOOLCHAIN", "local").env("GOWORK", "off");
        if let Some(root) = &self.root {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let own = std::iter::once(root.join("bin")).chain(std::env::split_paths(&path));
            command.env("GOROOT", root);
            command.env("PATH", std::env::join_paths(own).unwrap_or(path));
        }
    }

    /// A copy of a module's sources that can be written to.
    pub(super) fn sources(&self, module: &str, into: &Path) -> Result<()> {
        let parent = into.parent().context("a folder in a folder")?;
        fs::create_dir_all(parent)?;
        let told = output(self.call(parent, &["mod", "download", "-json", module]))?;
        let told: serde_json::Value = serde_json::from_str(&told).context("what go mod download says")?;
        let from = told["Dir"].as_str().context("go mod download names no folder")?;
        if into.exists() {
            fs::remove_dir_all(into)?;
        }
        let mut copy = Command::new("cp");
        copy.arg("-r").arg(from).arg(into);
        output(copy)?;
        let mut open = Command::new("chmod");
        output({
            open.args(["-R", "u+w"]).arg(into);
            open
        })?;
        Ok(())
    }

    /// Builds, with a word about every package it fetches.
    pub(super) fn build(&self, folder: &Path, arguments: &[&str], step: &Step) -> Result<()> {
        let mut words = vec!["build", "-trimpath", "-ldflags=-s -w"];
        words.extend(arguments);
        Ok(watched(self.call(folder, &words), |line| step.tell(line))?)
    }

    fn version(&self) -> Option<(u32, u32)> {
        let told = output(self.call(Path::new("/"), &["env", "GOVERSION"])).ok()?;
        let mut numbers = told.strip_prefix("go")?.split(['.', '-', 'r']).map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }
}

/// Says what is missing where the proxy cannot be reached.
pub(super) fn reachable(go: &Go, folder: &Path) -> Result<()> {
    if output(go.call(folder, &["list", "-m", "-versions", "go.opentelemetry.io/collector"])).is_err() {
        bail!("the Go module proxy cannot be reached (GOPROXY): telemetry servers are built from it");
    }
    Ok(())
}
