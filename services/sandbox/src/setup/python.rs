//! Python 3.11 or newer with pip: the machine's own, or Debian's packages in a folder. Its programs come from locks with hashes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::IGNORE_SYSTEM;
use super::cache::{Cache, Lock};
use super::command::{on_path, run};
use super::debian::{self, fetch_packages, machine_archive};
use super::error::SetupError;
use super::progress::{Progress, Step};

const SUITE: &str = "bookworm";
const PACKAGES: [&str; 2] = ["python3", "python3-pip"];
/// What the locks were made for.
const OLDEST: (u32, u32) = (3, 11);
/// Says its version, and fails where pip is missing.
const VERSION: &str = "import sys, pip; print('%d.%d' % sys.version_info[:2])";
/// The system's own have to be loaded: a loader takes no other release's C library.
const LIBC: [&str; 6] =
    ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2"];

/// A Python that can install and run programs from where it lies.
#[derive(Debug, Clone)]
pub struct Python {
    program: PathBuf,
    version: String,
    /// The fetched folder; none for the machine's own.
    root: Option<PathBuf>,
}

/// A program of PyPI in a folder of its own.
#[derive(Debug, Clone)]
pub struct PythonTool {
    python: Python,
    folder: PathBuf,
}

impl Python {
    /// Finds it or fetches it (15 MB); blocks for some ten seconds the first time.
    ///
    /// # Errors
    /// It cannot be had, with the way out.
    pub fn provide(cache: &Cache, lock: &Lock, progress: &Progress) -> Result<Self, SetupError> {
        let system = std::env::var_os(IGNORE_SYSTEM).is_none_or(|value| value != "1");
        let own = on_path("python3").filter(|_| system);
        if let Some(own) = own.and_then(|program| Self::fit(program, None)) {
            return Ok(own);
        }
        let root = cache.provide("python-3.11", progress, |folder, step| fetch(cache, lock, folder, step))?;
        let program = root.join("usr/bin/python3");
        Self::fit(program.clone(), Some(root)).ok_or(SetupError::Incomplete {
            what: "the fetched Python",
            part: "a python3 with pip that starts".to_owned(),
            path: program,
            way_out: "remove the folder and run it again, or put a python3 of 3.11 or newer with pip on the PATH",
        })
    }

    /// The program of PyPI called `name`, installed from `requirements`, a lock in pip's format with hashes.
    ///
    /// # Errors
    /// It cannot be fetched: pip's own words.
    pub fn tool(
        &self,
        cache: &Cache,
        lock: &Lock,
        name: &str,
        requirements: &str,
        progress: &Progress,
    ) -> Result<PythonTool, SetupError> {
        let mark = ring::digest::digest(&ring::digest::SHA256, requirements.as_bytes());
        let mark: String = mark.as_ref().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let folder = format!("python-{}-{name}-{mark}", self.version);
        let folder = cache.provide(&folder, progress, |folder, step| {
            self.install(lock, name, requirements, folder, step)
        })?;
        Ok(PythonTool { python: self.clone(), folder })
    }

    fn install(
        &self,
        lock: &Lock,
        name: &str,
        requirements: &str,
        folder: &Path,
        step: &Step,
    ) -> Result<String, SetupError> {
        step.say("fetching from PyPI");
        let file = folder.join("requirements.txt");
        fs::write(&file, requirements).map_err(SetupError::io("write", &file))?;
        let mut pip = self.command();
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
            .args(["--upgrade", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--target"])
            .arg(folder)
            .arg("--requirement")
            .arg(&file);
        run(pip, lock, &format!("fetch {name} from PyPI"), |_| {})?;
        let version = requirements.lines().find(|line| line.starts_with(&format!("{name}==")));
        Ok(version.unwrap_or(name).trim_end_matches(['\\', ' ']).to_owned())
    }

    /// The interpreter, ready for its arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.envs(self.libraries());
        command
    }

    fn fit(program: PathBuf, root: Option<PathBuf>) -> Option<Self> {
        let mut python = Self { program, version: String::new(), root };
        let output = python.command().args(["-c", VERSION]).output().ok()?;
        let words = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        python.version = words.clone();
        let (major, minor) = words.split_once('.')?;
        ((major.parse().ok()?, minor.parse().ok()?) >= OLDEST).then_some(python)
    }

    fn libraries(&self) -> Option<(&'static str, String)> {
        let root = self.root.as_ref()?;
        let triplet = format!("{}-linux-gnu", std::env::consts::ARCH);
        let at = |path: &str| root.join(path).join(&triplet).display().to_string();
        Some(("LD_LIBRARY_PATH", format!("{}:{}", at("usr/lib"), at("lib"))))
    }
}

impl PythonTool {
    /// One of its programs by name, ready for its arguments; the programs it calls itself are found too.
    pub fn command(&self, program: &str) -> Command {
        let own = self.folder.join("bin");
        let mut command = Command::new(own.join(program));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(own).chain(std::env::split_paths(&path));
        command
            .env("PATH", std::env::join_paths(path).unwrap_or_default())
            .env("PYTHONPATH", &self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(self.python.libraries());
        command
    }
}

fn fetch(cache: &Cache, lock: &Lock, folder: &Path, step: &Step) -> Result<String, SetupError> {
    let archive = machine_archive(
        "Python 3.11 or newer",
        "install it with pip, so that `python3 -m pip` works",
        SUITE,
    )?;
    let packages = fetch_packages(cache, lock, &archive, &PACKAGES, folder, step)?;
    debian::forget(cache, SUITE)?;
    for below in ["lib", "usr/lib"] {
        let libraries = folder.join(format!("{below}/{}-linux-gnu", std::env::consts::ARCH));
        for path in LIBC.map(|name| libraries.join(name)).into_iter().filter(|path| path.exists()) {
            fs::remove_file(&path).map_err(SetupError::io("remove", &path))?;
        }
    }
    Ok(format!("Python and pip, {} packages of Debian {SUITE}", packages.len()))
}
