//! How busy containers keep the machine's cores, read from the cgroups.

use std::fs;

use anyhow::{Context, Result};

use super::super::containers::Container;
use super::super::memory;

/// Of all that run.
pub(super) fn busy_all<'a>(containers: impl IntoIterator<Item = &'a Container>) -> Result<f64> {
    containers.into_iter().filter(|one| one.pid > 0).map(busy).sum()
}

/// Seconds of a core that a container has used so far, in either version of cgroups.
pub(super) fn busy(container: &Container) -> Result<f64> {
    let (folder, version) = memory::folder(container, "cpuacct")?;
    let file = folder.join(if version == 1 { "cpuacct.usage" } else { "cpu.stat" });
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let (number, unit) = match text.lines().find_map(|line| line.strip_prefix("usage_usec ")) {
        Some(microseconds) => (microseconds, 1e6),
        None => (text.as_str(), 1e9),
    };
    let number: f64 = number.trim().parse().with_context(|| format!("{} is no number", file.display()))?;
    Ok(number / unit)
}
