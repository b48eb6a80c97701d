//! What the kernel enforces on each server: memory, CPU, processes, capabilities, the root file system.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::containers::Container;
use super::findings::Findings;
use super::memory;
use super::test::Running;

/// Reads cgroups and /proc of every server: what Docker was told proves nothing.
pub(super) fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    for one in running.containers.iter().filter(|one| one.is_server) {
        let memory = memory::of_container(one)?.limit;
        let (cores, pids) = (cores(one)?, pids(one)?);
        let limits = memory == one.memory_limit
            && pids == one.pids_limit
            && (cores * 1e9 - one.nano_cpus as f64).abs() < 1e6;
        findings.is(
            limits && one.memory_limit > 0 && one.nano_cpus > 0 && one.pids_limit > 0,
            format!(
                "{:12} at most {:>4.0} MiB, {cores:.2} cores, {pids} processes",
                one.service,
                memory::mib(memory)
            ),
        );
        let status = fs::read_to_string(format!("/proc/{}/status", one.pid)).context("its status")?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.map(|value| value.trim_start_matches(':').trim().to_owned()).unwrap_or_default()
        };
        let user = field("Uid").split_whitespace().next().unwrap_or_default().to_owned();
        let none = |name: &str| field(name).bytes().all(|digit| digit == b'0');
        let sealed = none("CapEff") && none("CapPrm") && none("CapBnd") && field("NoNewPrivs") == "1";
        findings.is(
            sealed && user != "0" && is_read_only(one)?,
            format!(
                "{:12} runs as {user}, without capabilities or new privileges, on a read-only root",
                one.service
            ),
        );
    }
    Ok(())
}

fn cores(one: &Container) -> Result<f64> {
    let (folder, version) = memory::folder(one, "cpu")?;
    let read = |name: &str| -> Result<String> { read(&folder.join(name)) };
    let (quota, period) = if version == 1 {
        (read("cpu.cfs_quota_us")?, read("cpu.cfs_period_us")?)
    } else {
        let text = read("cpu.max")?;
        let (quota, period) = text.split_once(' ').context("cpu.max")?;
        (quota.to_owned(), period.to_owned())
    };
    // "max" and -1 are no limit.
    Ok(quota.parse::<f64>().unwrap_or(-1.0) / period.parse::<f64>()?)
}

fn pids(one: &Container) -> Result<u64> {
    let (folder, _) = memory::folder(one, "pids")?;
    Ok(read(&folder.join("pids.max"))?.parse().unwrap_or(u64::MAX))
}

fn read(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.trim().to_owned())
}

/// The mount of `/` as the process sees it.
fn is_read_only(one: &Container) -> Result<bool> {
    let mounts = fs::read_to_string(format!("/proc/{}/mountinfo", one.pid)).context("its mounts")?;
    let root = mounts
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .find(|fields| fields.get(4) == Some(&"/"));
    Ok(root.is_some_and(|fields| fields[5].split(',').any(|option| option == "ro")))
}
