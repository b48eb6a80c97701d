//! A root folder of Debian's packages: what they need of each other, and nothing else.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::{Context, Result};
use sandbox::setup::{Archive, Package, Step, fetch_packages, machine_archive};

use super::Kitchen;

/// What of packages no server reads.
const UNREAD: [&str; 3] = ["usr/share/perl", "usr/share/perl5", "usr/share/zsh"];

/// Debian's sid: its packages lie below /usr alone, and its MySQL and Java are recent.
pub(super) fn sid(what: &'static str) -> Result<Archive> {
    Ok(machine_archive(what, "run the stack where the pinned images can be pulled", "sid")?)
}

/// Unpacks the packages into `root`, with the links of a merged /usr and the tools of a shell by busybox.
pub(super) fn unpack(
    kitchen: &Kitchen<'_>,
    archive: &Archive,
    packages: &[&str],
    root: &Path,
    (step, tools): (&Step, &[&str]),
) -> Result<Vec<Package>> {
    for name in ["bin", "sbin", "lib", "lib64"] {
        fs::create_dir_all(root.join("usr").join(name))?;
        let link = root.join(name);
        if fs::symlink_metadata(&link).is_err() {
            symlink(Path::new("usr").join(name), &link)
                .with_context(|| format!("cannot link {}", link.display()))?;
        }
    }
    let mut all: Vec<&str> = packages.to_vec();
    all.extend(["bash", "busybox-static"]);
    let fetched = fetch_packages(kitchen.cache, kitchen.lock, archive, &all, root, step)?;
    for part in UNREAD {
        let path = root.join(part);
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
    }
    for tool in tools {
        let link = root.join("usr/bin").join(tool);
        let _absent = fs::remove_file(&link);
        symlink("busybox", &link)?;
    }
    // /var/run leads to /run, as everywhere.
    let run = root.join("var/run");
    if fs::symlink_metadata(&run).is_ok_and(|found| found.is_dir()) {
        fs::remove_dir_all(&run)?;
    }
    if fs::symlink_metadata(&run).is_err() {
        fs::create_dir_all(root.join("var"))?;
        symlink("../run", &run)?;
    }
    fs::create_dir_all(root.join("run"))?;
    Ok(fetched)
}
