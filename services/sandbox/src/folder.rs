//! The temporary folder of a run; what killed runs left behind is removed by the next one.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::error::SandboxError;

const PREFIX: &str = "garimpo-";
/// Locked by the run a folder belongs to, for as long as it lives. A folder that is to be kept has none.
const OWNER: &str = "owner.lock";

/// A folder that is removed when it is dropped, unless it is to be kept.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    owner: Option<File>,
}

impl Folder {
    /// Makes a folder in the system's temporary folder (`TMPDIR`), and removes those whose run was killed.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(keep: bool) -> Result<Self, SandboxError> {
        Self::make_in(&std::env::temp_dir(), keep)
    }

    fn make_in(parent: &Path, keep: bool) -> Result<Self, SandboxError> {
        remove_orphans(parent);
        let made = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent);
        let path = made.map_err(SandboxError::io("make a folder in", parent))?.keep();
        let owner = if keep { None } else { Some(lock(&path).map_err(SandboxError::io("lock", &path))?) };
        Ok(Self { path, owner })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.owner.is_some() {
            // What cannot be removed now is an orphan for the next run.
            let _left = fs::remove_dir_all(&self.path);
        }
    }
}

/// The lock appears in the folder when it is held already, so that nobody takes a new folder for an orphan.
fn lock(folder: &Path) -> std::io::Result<File> {
    let hidden = folder.join("owner.new");
    let file = File::create_new(&hidden)?;
    file.lock()?;
    fs::rename(&hidden, folder.join(OWNER))?;
    Ok(file)
}

fn remove_orphans(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let owner = ours.then(|| File::open(entry.path().join(OWNER)).ok()).flatten();
        if owner.is_some_and(|owner| owner.try_lock().is_ok()) {
            let _left = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_a_killed_runs_folder_and_leaves_a_living_and_a_kept_one() {
        let parent = tempfile::tempdir().unwrap();
        let living = Folder::make_in(parent.path(), false).unwrap();
        let kept = Folder::make_in(parent.path(), true).unwrap().path().to_owned();
        let killed = parent.path().join("garimpo-killed");
        fs::create_dir(&killed).unwrap();
        File::create(killed.join(OWNER)).unwrap();
        let next = Folder::make_in(parent.path(), false).unwrap();
        assert!(!killed.exists());
        assert!(living.path().exists() && kept.exists());
        let path = next.path().to_owned();
        drop(next);
        assert!(!path.exists());
    }
}
