//! Harm done to a running stack, and what becomes of it.

use std::process::Command;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::engine::docker;
use super::findings::Findings;
use super::run::output;
use super::test::Running;
use super::{containers, posts, telemetry, up};

const BACK: Duration = Duration::from_secs(120);
/// New posts, in the shape the simulator documents.
const NEW: u64 = 40;

/// Plays all of them; each ends with truth and rows the same.
pub(super) async fn play(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("Telemetry stopped: no post waits for it");
    output(docker(&[
        "stop",
        "--time",
        "5",
        &running.container("collector")?.id,
        &running.container("jaeger")?.id,
    ]))?;
    insert(running, 1).await?;
    posts::agree(running, findings, "without Collector and Jaeger").await?;
    output(docker(&["start", &running.container("jaeger")?.id, &running.container("collector")?.id]))?;

    for (service, at) in [("kafka", 2), ("mysql", 3), ("transformer", 4), ("extractor", 5)] {
        findings.part(&format!("{service} killed (kill -9): it comes back by itself, and nothing is lost"));
        kill(running, service)?;
        insert(running, at).await?;
        let back = telemetry::until(BACK, async || is_back(running, service)).await;
        findings.is(back, format!("{service} is healthy again"));
        posts::agree(running, findings, &format!("after {service} was killed")).await?;
    }
    Ok(())
}

/// From outside, as the kernel would: a kill by Docker counts as a wish to stop.
fn kill(running: &Running, service: &str) -> Result<()> {
    let containers = containers::of(&running.project)?;
    let pid = containers::service(&containers, service)?.pid;
    ensure!(pid > 0, "{service} does not run");
    let mut kill = Command::new("kill");
    kill.args(["-9", &pid.to_string()]);
    output(kill).map(|_| ())
}

fn is_back(running: &Running, service: &str) -> bool {
    let found = containers::of(&running.project).ok();
    found.and_then(|all| containers::service(&all, service).map(up::is_well).ok()).unwrap_or_default()
}

/// Posts that match, written just now.
pub(super) async fn insert(running: &Running, round: u64) -> Result<()> {
    let post = |at: u64| serde_json::json!({ "text": format!("quarentena, rodada {round}, publicação {at} #covid19"), "lang": "pt" });
    let new: Vec<_> = (0..NEW).map(post).collect();
    running.simulator.insert(&serde_json::json!({ "posts": new })).await?;
    Ok(())
}
