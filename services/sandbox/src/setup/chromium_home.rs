//! A headless Chromium: the machine's own, or Debian's packages in a folder. Fetched only where a page is to be looked at.

use std::path::{Path, PathBuf};

use super::cache::{Cache, Lock};
use super::command::on_path;
use super::debian::{self, fetch_packages, machine_archive};
use super::error::SetupError;
use super::progress::Progress;
use super::{IGNORE_SYSTEM, Step};

const SUITE: &str = "bookworm";
/// The shell that has no window is half the size of the browser that has one.
const PACKAGES: [&str; 3] = ["chromium-headless-shell", "fonts-dejavu-core", "fonts-noto-color-emoji"];
/// Names the machine's own may have.
const NAMES: [&str; 4] = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
/// Drivers of graphics cards and what only they need: pages are drawn by the processor here.
const UNNEEDED: [&str; 4] = ["dri", "gconv", "libLLVM-15.so.1", "libz3.so.4"];
const FONTS: &str = "fonts.conf";

/// A Chromium that can be started from where it lies.
#[derive(Debug, Clone)]
pub struct ChromiumHome {
    program: PathBuf,
    /// The fetched folder; none for the machine's own.
    root: Option<PathBuf>,
}

impl ChromiumHome {
    /// Finds it or fetches it (170 MB, 340 MB unpacked); blocks for about twenty seconds the first time.
    ///
    /// # Errors
    /// It cannot be had, with the way out.
    pub fn provide(cache: &Cache, progress: &Progress) -> Result<Self, SetupError> {
        let system = std::env::var_os(IGNORE_SYSTEM).is_none_or(|value| value != "1");
        if let Some(program) = NAMES.iter().filter(|_| system).find_map(|name| on_path(name)) {
            return Ok(Self { program, root: None });
        }
        let lock = cache.lock(progress)?;
        let root = cache.provide("chromium", progress, |folder, step| fetch(cache, &lock, folder, step))?;
        let program = root.join("usr/lib/chromium/chromium-headless-shell");
        if program.is_file() {
            return Ok(Self { program, root: Some(root) });
        }
        Err(SetupError::Incomplete {
            what: "the fetched Chromium",
            part: "its program".to_owned(),
            path: program,
            way_out: "remove the folder and run it again, or put `chromium` on the PATH",
        })
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Variables it needs beside its arguments; `scratch` is a folder of its own to write to.
    pub fn environment(&self, scratch: &Path) -> Vec<(&'static str, String)> {
        let mut variables = vec![("HOME", scratch.display().to_string())];
        if let Some(root) = &self.root {
            let triplet = format!("{}-linux-gnu", std::env::consts::ARCH);
            let at = |path: &str| root.join(path).join(&triplet).display().to_string();
            let (usr, lib) = (at("usr/lib"), at("lib"));
            variables.push(("LD_LIBRARY_PATH", format!("{usr}:{lib}:{usr}/pulseaudio")));
            variables.push(("FONTCONFIG_FILE", root.join(FONTS).display().to_string()));
        }
        variables
    }
}

fn fetch(cache: &Cache, lock: &Lock, folder: &Path, step: &Step) -> Result<String, SetupError> {
    let archive = machine_archive(
        "Chromium",
        "install Chromium or Chrome so that `chromium` or `google-chrome` is on the PATH",
        SUITE,
    )?;
    let packages = fetch_packages(cache, lock, &archive, &PACKAGES, folder, step)?;
    debian::forget(cache, SUITE)?;
    let libraries = folder.join(format!("usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    for name in UNNEEDED {
        let path = libraries.join(name);
        let removed =
            if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        // Not there in another release of the package.
        removed.or_else(ignore_missing).map_err(SetupError::io("remove", &path))?;
    }
    // The fetched fonts alone, so that a page looks the same on every machine.
    let fonts = cache.path("chromium").join("usr/share/fonts");
    let conf = folder.join(FONTS);
    let text = include_str!("chromium_fonts.conf").replace("FONTS", &fonts.display().to_string());
    std::fs::write(&conf, text).map_err(SetupError::io("write", &conf))?;
    let version = packages.iter().find(|package| package.file.starts_with(PACKAGES[0]));
    let version = version.map_or("", |package| &package.file);
    Ok(format!("{version} and {} packages of Debian {SUITE}", packages.len().saturating_sub(1)))
}

fn ignore_missing(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
