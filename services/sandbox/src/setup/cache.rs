//! The cache folder: a tool is there whole, with a manifest of its files, or not at all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::error::SetupError;
use super::fetched::{Damage, Manifest};
use super::progress::Progress;

/// The folder that holds everything fetched: `GARIMPO_CACHE`, else `~/.cache/garimpo`.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// Held by the one process that sets up; the system frees it even after a kill.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// For the stdin of programs the set-up runs: the lock is free only when they have ended too, should we be killed.
    pub(super) fn inherited(&self) -> Stdio {
        self.file.try_clone().map_or_else(|_| Stdio::null(), Stdio::from)
    }
}

impl Cache {
    /// The cache folder of this user.
    ///
    /// # Errors
    /// Neither `GARIMPO_CACHE` nor `HOME` is set, or the folder cannot be made.
    pub fn of_this_user() -> Result<Self, SetupError> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let root = set("GARIMPO_CACHE")
            .or_else(|| set("HOME").map(|home| home.join(".cache/garimpo")))
            .ok_or(SetupError::NoCacheFolder)?;
        Self::at(&root)
    }

    /// The cache in `root`, which is made where it is missing.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn at(root: &Path) -> Result<Self, SetupError> {
        fs::create_dir_all(root).map_err(SetupError::io("make the folder", root))?;
        let root = root.canonicalize().map_err(SetupError::io("open the folder", root))?;
        Ok(Self { root })
    }

    /// A path below the cache folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Waits until no other process sets up, and keeps others waiting until the lock is dropped.
    ///
    /// # Errors
    /// The lock file cannot be made or locked.
    pub fn lock(&self, progress: &Progress) -> Result<Lock, SetupError> {
        let path = self.path("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(SetupError::io("open the lock file", &path))?;
        if file.try_lock().is_err() {
            let step = progress.step("set-up");
            step.say("waiting for the set-up of another process");
            file.lock().map_err(SetupError::io("lock", &path))?;
            step.nothing_to_do();
        }
        Ok(Lock { file })
    }

    /// The folder of the tool `name`, if it is complete and nothing in it was changed.
    ///
    /// # Errors
    /// A tool that is there but damaged: what is damaged, so that it can be said before it is fetched again.
    pub fn complete(&self, name: &str) -> Result<Option<PathBuf>, Damage> {
        let folder = self.path(name);
        if !folder.exists() {
            return Ok(None);
        }
        Manifest::read(&folder)?.check(&folder)?;
        Ok(Some(folder))
    }

    /// The folder of the tool `name`, filled by `fill` where it is not complete.
    ///
    /// `fill` gets a folder that may hold what an interrupted earlier call left, and returns what it fetched, in words.
    /// The manifest is written and the folder takes its name in one rename, after `fill` has ended well.
    ///
    /// # Errors
    /// Those of `fill`; then the next call takes the same folder up again.
    pub fn provide(
        &self,
        name: &str,
        progress: &Progress,
        fill: impl FnOnce(&Path, &super::Step) -> Result<String, SetupError>,
    ) -> Result<PathBuf, SetupError> {
        let step = progress.step(name);
        let folder = self.path(name);
        match self.complete(name) {
            Ok(Some(folder)) => {
                step.nothing_to_do();
                return Ok(folder);
            }
            Ok(None) => {}
            Err(damage) => {
                step.say(&format!("{damage}; fetching it again"));
                self.discard(&folder)?;
            }
        }
        let partial = self.path(&format!("{name}.partial"));
        if partial.exists() {
            step.say("taking up an interrupted set-up");
        }
        fs::create_dir_all(&partial).map_err(SetupError::io("make the folder", &partial))?;
        let source = fill(&partial, &step)?;
        Manifest::of(&partial, &source)
            .and_then(|manifest| manifest.write(&partial))
            .map_err(SetupError::io("write the manifest of", &partial))?;
        fs::rename(&partial, &folder).map_err(SetupError::io("put in place", &folder))?;
        step.done(&format!("ready: {source}"));
        Ok(folder)
    }

    /// Takes a folder away in one rename first, so that a half-deleted one is never taken for a whole one.
    fn discard(&self, folder: &Path) -> Result<(), SetupError> {
        let bin = self.path("discarded");
        if bin.exists() {
            fs::remove_dir_all(&bin).map_err(SetupError::io("remove", &bin))?;
        }
        fs::rename(folder, &bin).map_err(SetupError::io("move away", folder))?;
        fs::remove_dir_all(&bin).map_err(SetupError::io("remove", &bin))
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_killed_set_up_keeps_the_lock_until_its_programs_have_ended() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        let lock = cache.lock(&Progress::silent()).unwrap();
        let mut orphan = Command::new("sleep").arg("600").stdin(lock.inherited()).spawn().unwrap();
        drop(lock);
        let other = File::open(cache.path("lock")).unwrap();
        other.try_lock().unwrap_err();
        orphan.kill().unwrap();
        orphan.wait().unwrap();
        other.try_lock().unwrap();
    }
}
