//! Who runs this: what needs root says so instead of failing half-way.

use std::{fs, os::unix::fs::MetadataExt as _};

use anyhow::{Result, bail};

/// Whether it is root: the owner of one's own process.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Refuses, before anything is begun, where it is not; `what` names the command and what it needs root for.
pub(crate) fn need_root(what: &str) -> Result<()> {
    if is_root() { Ok(()) } else { bail!("{what}: run it as root") }
}
