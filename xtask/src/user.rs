//! Who runs this: what needs root says so instead of failing half-way.

use std::{fs, os::unix::fs::MetadataExt as _};

/// Whether it is root: the owner of one's own process.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
