//! A disk of its own for each host, so that one can be filled without filling this machine's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use crate::cargo::root;

/// A lab machine's; the file behind it has holes, so it takes what is written and no more.
const BYTES: u64 = 40 << 30;

/// A file system in a file, mounted on this machine.
#[derive(Debug, Clone)]
pub(super) struct Disk {
    image: PathBuf,
    pub(super) folder: PathBuf,
}

impl Disk {
    /// None where this machine mounts no loop devices.
    pub(super) fn make(name: &str) -> Result<Option<Self>> {
        let disk = Self::of(name);
        fs::create_dir_all(&disk.folder)?;
        fs::File::create(&disk.image).and_then(|file| file.set_len(BYTES)).context("an image of a disk")?;
        let mut make = Command::new("mkfs.ext4");
        // What is not written stays a hole.
        make.args(["-q", "-F", "-m", "0", "-E", "lazy_itable_init=1,nodiscard"]).arg(&disk.image);
        let mut mount = Command::new("mount");
        mount.args(["-o", "loop,discard"]).arg(&disk.image).arg(&disk.folder);
        if done(make) && done(mount) {
            return Ok(Some(disk));
        }
        disk.remove();
        Ok(None)
    }

    fn of(name: &str) -> Self {
        let all = all();
        Self { image: all.join(format!("{name}.img")), folder: all.join(name) }
    }

    pub(super) fn remove(&self) {
        let mut umount = Command::new("umount");
        // Lazily: a container that is just ending may still use it. Absent after a run that was killed early.
        umount.arg("--lazy").arg(&self.folder);
        let _absent = done(umount);
        let _absent = fs::remove_file(&self.image);
        let _absent = fs::remove_dir(&self.folder);
    }

    /// Removes those that a run before left.
    pub(super) fn sweep() -> Result<()> {
        let Ok(left) = fs::read_dir(all()) else { return Ok(()) };
        for entry in left {
            let path = entry?.path();
            if let Some(name) = path.file_stem().filter(|_| path.extension().is_some()) {
                Self::of(&name.to_string_lossy()).remove();
            }
        }
        Ok(())
    }
}

/// Beside the folder of a run, which is removed whole before the next one.
fn all() -> PathBuf {
    let folder: &Path = &root();
    folder.join("target/rehearse-disks")
}

fn done(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
