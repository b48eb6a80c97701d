//! One build of two: a store, a path, a clock and a number of cores of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{nix::place::Place, user};

/// Far enough for another year in whatever writes a date; certificates would not outlive it, so sources are fetched before.
const SHIFT: &str = "+2000d";
/// Gives the command its own /nix and, if wanted, its own clock.
const ENTER: &str = include_str!("enter.sh");

/// The circumstances of one build.
pub(super) struct Arm {
    pub(super) name: &'static str,
    pub(super) cores: u32,
    /// The library that moves the clock.
    pub(super) clock: Option<PathBuf>,
}

/// How this Nix can be given a new store.
#[derive(Clone, Copy)]
pub(super) enum Store {
    /// Nix lies outside of /nix (Debian's packages): another folder is mounted there, for the build alone.
    Mounted,
    /// Nix lies in /nix itself: it keeps another store by its own means, which want its sandbox.
    Chroot,
}

impl Store {
    pub(super) fn of_this_machine() -> Result<Self> {
        let found = Command::new("sh").args(["-c", "readlink -f \"$(command -v nix)\""]).output();
        let found = found.context("sh could not be started")?.stdout;
        Ok(if found.starts_with(b"/nix/") { Self::Chroot } else { Self::Mounted })
    }

    /// The library that moves the clock of builds, where there is one and builds can be reached by it.
    pub(super) fn clock(self) -> Option<PathBuf> {
        let triplet = format!("{}-linux-gnu", std::env::consts::ARCH);
        let library = PathBuf::from(format!("/usr/lib/{triplet}/faketime/libfaketimeMT.so.1"));
        (matches!(self, Self::Mounted) && library.exists()).then_some(library)
    }
}

impl Arm {
    /// Builds `outputs` of the flake in `source` and returns where they lie, seen from outside.
    pub(super) fn build(
        &self,
        place: &Place,
        store: Store,
        folder: &Path,
        source: &Path,
        outputs: &[String],
    ) -> Result<Vec<PathBuf>> {
        let nix = folder.join("nix");
        fs::create_dir_all(&nix).with_context(|| format!("cannot make {}", nix.display()))?;
        let reference = |output: &str| format!("git+file://{}#{output}", source.display());
        // The vendored sources first: what is fetched is checked by its hash, and needs the right time for certificates.
        self.run(place, store, folder, None, &[reference("extractor.vendored")])?;
        let outputs: Vec<String> = outputs.iter().map(|output| reference(output)).collect();
        let built = self.run(place, store, folder, self.clock.as_deref(), &outputs)?;
        let outside = |path: &str| match store {
            Store::Mounted => nix.join(path.trim_start_matches("/nix/")),
            Store::Chroot => nix.join(path.trim_start_matches('/')),
        };
        Ok(built.lines().map(outside).collect())
    }

    fn run(
        &self,
        place: &Place,
        store: Store,
        folder: &Path,
        clock: Option<&Path>,
        outputs: &[String],
    ) -> Result<String> {
        let cores = self.cores.to_string();
        let mut arguments =
            vec!["build", "--no-link", "--print-out-paths", "--max-jobs", "1", "--cores", &cores];
        let nix = folder.join("nix");
        let shown = nix.display().to_string();
        if matches!(store, Store::Chroot) {
            arguments.extend(["--store", &shown]);
        }
        arguments.extend(outputs.iter().map(String::as_str));
        let mut command = match store {
            Store::Chroot => Command::new("nix"),
            Store::Mounted => {
                let mut command = Command::new("unshare");
                command.args(["--mount", "--propagation", "private"]);
                if !user::is_root() {
                    command.arg("--map-root-user");
                }
                command.args(["sh", "-c", ENTER, "sh"]).arg(&nix).arg(clock.unwrap_or(Path::new("")));
                command.arg(folder.join("etc")).arg(SHIFT).arg("nix");
                command
            }
        };
        let built = command.args(place.arguments(&arguments)).stderr(Stdio::inherit()).output();
        let built = built.context("the build could not be started")?;
        if !built.status.success() {
            bail!("nix build {} ended with {}", outputs.join(" "), built.status);
        }
        Ok(String::from_utf8_lossy(&built.stdout).into_owned())
    }
}

/// A clone of the last commit alone.
pub(super) fn clone(from: &Path, to: &Path) -> Result<()> {
    let mut git = Command::new("git");
    git.args(["clone", "--quiet", "--no-hardlinks"]).arg(from).arg(to);
    let status = git.status().context("git could not be started")?;
    if status.success() { Ok(()) } else { bail!("git clone ended with {status}") }
}

/// The last commit.
pub(super) fn head(of: &Path) -> Result<String> {
    let git = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(of).output();
    let git = git.context("git could not be started")?;
    if !git.status.success() {
        bail!("git rev-parse HEAD: {}", String::from_utf8_lossy(&git.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&git.stdout).trim().to_owned())
}

/// A store's folders are read-only, and so cannot be emptied by an ordinary user.
pub(super) fn make_removable(folder: &Path) -> Result<()> {
    let mut chmod = Command::new("chmod");
    chmod.args(["-R", "u+rwX"]).arg(folder);
    let status = chmod.status().context("chmod could not be started")?;
    if status.success() { Ok(()) } else { bail!("chmod ended with {status}") }
}
