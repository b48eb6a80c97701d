//! The first deploy, and the same again.

use std::time::Instant;

use anyhow::Result;

use super::{HOST, ensure};
use crate::rehearse::{
    site::{Source, host_line},
    stage::Stage,
};

/// Everything on one host.
pub(super) fn one_host(address: &str) -> String {
    let groups = ["kafka", "mysql", "transformer", "extractor", "telemetry"];
    let groups: String =
        groups.iter().map(|group| format!("    {group}: {{hosts: {{{HOST}: null}}}}\n")).collect();
    format!("all:\n  hosts:\n{}  children:\n{groups}", host_line(HOST, address))
}

pub(super) fn deploy(stage: &mut Stage) -> Result<String> {
    let host = stage.add_host(HOST)?;
    stage.write_inventory(&one_host(&host.address), Source::X, "")?;
    stage.write_secrets()?;
    stage.write_pins()?;
    stage.write_rules()?;
    let looked = stage.play_well("site.yml", &["--check"])?;
    let bare = looked.changed == 0 && looked.said.contains("is bare, and preflight misses nothing");
    ensure(bare, "check mode does not take the host for a bare one", &looked.said)?;
    let began = Instant::now();
    stage.repository.push("Deploy the rehearsal's hosts")?;
    let commit = stage.release("layouts")?;
    stage.play_well("site.yml", &[])?;
    let status = stage.status(HOST)?;
    ensure(status["commit"] == commit.as_str(), "another commit runs", &status)?;
    let took = began.elapsed().as_secs_f64();
    let agreed = stage.agrees(HOST)?;
    Ok(format!(
        "push to running in {took:.0} s; {agreed}; nothing run as root after the administrator's script"
    ))
}

pub(super) fn again(stage: &mut Stage) -> Result<String> {
    let played = stage.play_well("site.yml", &[])?;
    ensure(played.changed == 0, "a second run changed something", changed(&played.said))?;
    let looked = stage.play_well("site.yml", &["--check"])?;
    ensure(looked.changed == 0, "check mode would change something", changed(&looked.said))?;
    Ok(format!("{} tasks, 0 changed; check mode the same", played.ok))
}

/// The tasks that changed something.
fn changed(said: &str) -> String {
    let mut task = "";
    let mut found = Vec::new();
    for line in said.lines() {
        if line.starts_with("TASK") || line.starts_with("RUNNING HANDLER") {
            task = line;
        } else if line.starts_with("changed:") {
            found.push(format!("{task} {line}"));
        }
    }
    found.join("\n")
}
