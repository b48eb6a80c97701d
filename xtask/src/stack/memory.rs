//! Memory by service, read from the cgroups and not from what Docker was told.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::containers::Container;

/// What each of our services may use, idle and under load, bytes.
pub(super) const OURS: [(&str, u64); 2] = [("extractor", 40_000_000), ("transformer", 80_000_000)];

/// What one container holds, bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Memory {
    /// What cannot be given back: anonymous pages.
    pub(super) held: u64,
    /// With file pages in use, as `docker stats` counts.
    pub(super) used: u64,
    /// The limit in force.
    pub(super) limit: u64,
}

/// The folder of a controller's files for a container, in either version of cgroups.
pub(super) fn folder(container: &Container, controller: &str) -> Result<(PathBuf, u8)> {
    let file = format!("/proc/{}/cgroup", container.pid);
    let text = fs::read_to_string(&file).with_context(|| format!("{} has no process", container.service))?;
    of(&text, controller).with_context(|| format!("{file} names no {controller} controller"))
}

fn of(text: &str, controller: &str) -> Option<(PathBuf, u8)> {
    for line in text.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (names, path) = (fields.next()?, fields.next()?);
        if names.split(',').any(|name| name == controller) {
            return Some((PathBuf::from(format!("/sys/fs/cgroup/{controller}{path}")), 1));
        }
    }
    let path = text.lines().find_map(|line| line.strip_prefix("0::"))?;
    Some((PathBuf::from(format!("/sys/fs/cgroup{path}")), 2))
}

/// Reads it.
pub(super) fn of_container(container: &Container) -> Result<Memory> {
    let (folder, version) = folder(container, "memory")?;
    let number = |name: &str| -> Result<u64> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        // Without a limit version 2 says "max".
        Ok(text.trim().parse().unwrap_or(u64::MAX))
    };
    let stat = fs::read_to_string(folder.join("memory.stat")).context("memory.stat")?;
    let stat: BTreeMap<&str, u64> = stat
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, value)| Some((name, value.parse().ok()?)))
        .collect();
    let of = |name: &str| stat.get(name).copied().unwrap_or_default();
    Ok(if version == 1 {
        Memory {
            held: of("total_rss"),
            used: number("memory.usage_in_bytes")?.saturating_sub(of("total_inactive_file")),
            limit: number("memory.limit_in_bytes")?,
        }
    } else {
        Memory {
            held: of("anon"),
            used: number("memory.current")?.saturating_sub(of("inactive_file")),
            limit: number("memory.max")?,
        }
    })
}

/// By service, several containers of one added up.
pub(super) fn by_service(containers: &[Container]) -> Result<BTreeMap<String, Memory>> {
    let mut all: BTreeMap<String, Memory> = BTreeMap::new();
    for container in containers.iter().filter(|one| one.pid > 0) {
        let found = of_container(container)?;
        let sum = all.entry(container.service.clone()).or_default();
        sum.held += found.held;
        sum.used += found.used;
        sum.limit += found.limit;
    }
    Ok(all)
}

/// A line a service and the sum, in MiB.
pub(super) fn table(memory: &BTreeMap<String, Memory>) -> String {
    let mut text = format!("{:14} {:>9} {:>9} {:>9}   MiB\n", "service", "held", "used", "limit");
    let mut sum = Memory::default();
    for (service, one) in memory {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{service:14} {:>9.1} {:>9.1} {:>9.0}",
            mib(one.held),
            mib(one.used),
            mib(one.limit)
        );
        sum.held += one.held;
        sum.used += one.used;
        sum.limit += one.limit;
    }
    let _ =
        writeln!(text, "{:14} {:>9.1} {:>9.1} {:>9.0}", "all", mib(sum.held), mib(sum.used), mib(sum.limit));
    text
}

/// What all of them hold in use, bytes.
pub(super) fn used(memory: &BTreeMap<String, Memory>) -> u64 {
    memory.values().map(|one| one.used).sum()
}

/// What a service uses beside what it may.
#[expect(clippy::cast_precision_loss, reason = "tenths of MB for people")]
pub(super) fn against(service: &str, used: u64, most: u64) -> String {
    format!("{service} uses {:.1} MB, at most {}", used as f64 / 1e6, most / 1_000_000)
}

#[expect(clippy::cast_precision_loss, reason = "tenths of MiB for people")]
pub(super) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cgroup_is_found_in_either_version() {
        let first = "11:pids:/docker/ab\n4:cpu,cpuacct:/docker/ab\n3:memory:/docker/ab\n0::/docker/ab\n";
        assert_eq!(of(first, "memory"), Some(("/sys/fs/cgroup/memory/docker/ab".into(), 1)));
        assert_eq!(of(first, "cpu"), Some(("/sys/fs/cgroup/cpu/docker/ab".into(), 1)));
        let second = "0::/system.slice/docker-ab.scope\n";
        assert_eq!(of(second, "memory"), Some(("/sys/fs/cgroup/system.slice/docker-ab.scope".into(), 2)));
    }

    #[test]
    fn the_table_adds_up() {
        let one = Memory { held: 10 << 20, used: 20 << 20, limit: 64 << 20 };
        let table = table(&[("a".to_owned(), one), ("b".to_owned(), one)].into());
        assert!(table.ends_with("all                 20.0      40.0       128\n"), "{table}");
    }
}
