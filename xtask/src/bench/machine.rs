//! The machine the figures belong to.

use std::{fs, thread};

/// Processor, cores, memory and kernel, as Linux tells them.
pub(crate) fn describe() -> String {
    let of = |file: &str, key: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "machine: {}, {cores} cores, {} of memory, Linux {}",
        of("/proc/cpuinfo", "model name"),
        of("/proc/meminfo", "MemTotal"),
        kernel.trim()
    )
}
