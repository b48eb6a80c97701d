//! Harm done to a running stack, and what becomes of it.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::engine::docker;
use super::findings::Findings;
use super::run::output;
use super::test::Running;
use super::{containers, posts, telemetry, up};

const BACK: Duration = Duration::from_secs(120);
/// How long telemetry is away.
const AWAY: Duration = Duration::from_secs(60);
/// Polls are a second apart here, and a look at all rows takes a moment.
const LATE: Duration = Duration::from_secs(20);
/// New posts, in the shape the simulator documents.
const NEW: u64 = 40;

/// Plays all of them; each ends with truth and rows the same.
pub(super) async fn play(running: &Running, findings: &mut Findings) -> Result<()> {
    without_telemetry(running, findings).await?;
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

/// Collector and Jaeger are away for a minute: posts are neither lost nor late, and what spans were lost is counted.
async fn without_telemetry(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("Collector and Jaeger stopped for a minute: no post waits for them");
    let prometheus = format!("http://127.0.0.1:{}", running.site.port("GARIMPO_PROMETHEUS_PORT", 9090)?);
    let before = dropped(&prometheus).await?;
    let (collector, jaeger) = (&running.container("collector")?.id, &running.container("jaeger")?.id);
    output(docker(&["stop", "--time", "5", collector, jaeger]))?;
    let stopped = Instant::now();
    insert(running, 1).await?;
    posts::agree(running, findings, "without Collector and Jaeger").await?;
    let took = stopped.elapsed();
    findings
        .is(took < LATE, format!("they were stored within {:.1} s, as at other times", took.as_secs_f64()));
    tokio::time::sleep(AWAY.saturating_sub(stopped.elapsed())).await;
    output(docker(&["start", jaeger, collector]))?;
    let mut after = before;
    let counted = telemetry::until(BACK, async || {
        after = dropped(&prometheus).await.unwrap_or(before);
        after > before
    })
    .await;
    findings.is(counted, format!("{} spans were dropped meanwhile, and are counted", after - before));
    Ok(())
}

/// Spans dropped so far, over all services.
async fn dropped(prometheus: &str) -> Result<f64> {
    let found = telemetry::query(prometheus, "sum(garimpo_spans_dropped_total)").await?;
    let count = found.first().and_then(|series| series["value"][1].as_str()?.parse().ok());
    count.context("Prometheus has no garimpo_spans_dropped_total")
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

/// Posts that match, written just now; returns their ids.
pub(super) async fn insert(running: &Running, round: u64) -> Result<Vec<i64>> {
    let post = |at: u64| serde_json::json!({ "text": format!("quarentena, rodada {round}, publicação {at} #covid19"), "lang": "pt" });
    let new: Vec<_> = (0..NEW).map(post).collect();
    let answer = running.simulator.insert(&serde_json::json!({ "posts": new })).await?;
    let ids = answer["ids"].as_array().into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok());
    Ok(ids.collect())
}
