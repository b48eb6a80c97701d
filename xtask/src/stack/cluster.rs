//! Three brokers, each of them dead for a while under load: nothing is lost, and nothing stops.

use std::time::Duration;

use anyhow::Result;

use super::containers;
use super::engine::docker;
use super::findings::Findings;
use super::run::output;
use super::test::Running;
use super::{posts, telemetry, up};

/// Clients notice a dead broker, find the new leaders, and go on.
const GOES_ON: Duration = Duration::from_secs(90);
const BACK: Duration = Duration::from_secs(120);
/// Posts stored while a broker is dead that prove the way is open.
const MOVED: i64 = 60;

/// Kills one broker after another while posts come in.
pub(super) async fn play(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("Three brokers and two transformers");
    let transformers = running.containers.iter().filter(|one| one.service == "transformer").count();
    findings.is(transformers == 2, format!("{transformers} transformers share one group"));
    for one in &running.containers {
        findings.is(up::is_well(one), format!("{} is {}", one.service, one.state));
    }
    for broker in ["kafka", "kafka-2", "kafka-3"] {
        findings.part(&format!("{broker} is dead while posts come in"));
        let id = &running.container(broker)?.id;
        // A kill by Docker counts as a wish to stop: it stays dead.
        output(docker(&["kill", id]))?;
        let before = posts::count(running).await?;
        let moved = telemetry::until(GOES_ON, async || {
            posts::count(running).await.unwrap_or(before) > before + MOVED
        })
        .await;
        findings.is(moved, format!("without {broker} more than {MOVED} further posts are stored"));
        output(docker(&["start", id]))?;
        let back = telemetry::until(BACK, async || {
            containers::of(&running.project)
                .is_ok_and(|all| containers::service(&all, broker).is_ok_and(up::is_well))
        })
        .await;
        findings.is(back, format!("{broker} is back and healthy"));
    }
    running.simulator.halt().await?;
    posts::agree(running, findings, "after each broker was dead").await
}
