//! The whole stack at rest and under a steady load: memory by service, and whether it keeps up.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::super::findings::Findings;
use super::super::memory::{self, Memory};
use super::super::posts;
use super::super::project::{Layer, volume_folder};
use super::super::run::output;
use super::super::test::Running;
use super::{Arm, Options, rest};

const ALL: [Layer; 3] = [Layer::Stack, Layer::Simulator, Layer::Observability];
/// A stack that has just come up is still warm.
const SETTLE: Duration = Duration::from_secs(60);
const SAMPLE: Duration = Duration::from_secs(5);
/// Limits of the issue, bytes: idle and under load.
const LIMITS: [u64; 2] = [3 << 29, 2 << 30];
const ROWS: &str = "SELECT COUNT(*) FROM tweets";
const LATENCIES: &str = "SELECT TIMESTAMPDIFF(MICROSECOND, received_at, applied_at) / 1000 + 0e0 AS ms FROM batches \
                         WHERE posts > 0 AND received_at > ? ORDER BY ms";

pub(super) fn measure(options: &Options) -> Result<()> {
    let idle =
        Arm { layers: ALL.into(), posts: 0, rate: 0 }.run(options.images, async |running: &Running| {
            rest(SETTLE).await;
            memory::by_service(&running.containers)
        })?;
    println!("idle, a minute after it came up\n{}", memory::table(&idle));
    let loaded = Arm { layers: ALL.into(), posts: 100, rate: options.rate };
    let most = loaded.run(options.images, async |running: &Running| under_load(running, options).await)?;
    println!("{}", memory::table(&most));
    for (what, memory, limit) in [("idle", &idle, LIMITS[0]), ("under load", &most, LIMITS[1])] {
        let used = memory::used(memory);
        println!("{what}: {:.0} MiB in use, at most {:.0} allowed", memory::mib(used), memory::mib(limit));
        ensure!(used <= limit, "{what} the stack takes more than it may");
    }
    for (service, limit) in memory::OURS {
        let used = most.get(service).copied().unwrap_or_default().used;
        let told = memory::against(service, used, limit);
        println!("under load: {told}");
        ensure!((1..limit).contains(&used), "under load {told}");
    }
    Ok(())
}

/// The most each service held at one moment or another; the sum of them was never reached.
async fn under_load(running: &Running, options: &Options) -> Result<BTreeMap<String, Memory>> {
    let length = Duration::from_secs(60 * options.minutes);
    let began_at: String =
        sqlx::query_scalar("SELECT CAST(UTC_TIMESTAMP(3) AS CHAR)").fetch_one(&running.rows).await?;
    let before = posts::count(running).await?;
    let empty = sizes(running).await?;
    let began = Instant::now();
    let mut most: BTreeMap<String, Memory> = BTreeMap::new();
    while began.elapsed() < length {
        for (service, now) in memory::by_service(&running.containers)? {
            let one = most.entry(service).or_insert(now);
            *one = Memory { held: one.held.max(now.held), used: one.used.max(now.used), limit: now.limit };
        }
        rest(SAMPLE).await;
    }
    let (seconds, after) = (began.elapsed().as_secs_f64(), posts::count(running).await?);
    let latencies: Vec<f64> = sqlx::query_scalar(LATENCIES).bind(&began_at).fetch_all(&running.rows).await?;
    ensure!(!latencies.is_empty(), "no batch was applied under load");
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
    println!(
        "under load: {} posts/s exist, {:.1} matched posts/s stored over {:.0} s; from an answer received to its transaction's \
         begin p50 {:.0} ms, p99 {:.0} ms, most {:.0} ms",
        options.rate,
        (after - before) as f64 / seconds,
        seconds,
        at(50),
        at(99),
        at(100)
    );
    running.simulator.halt().await?;
    println!("{}", sizes(running).await?.since(&empty));
    let mut findings = Findings::default();
    posts::agree(running, &mut findings, "after the load").await?;
    findings.conclude()?;
    Ok(most)
}

/// What is stored, and what it takes on the disk.
struct Sizes {
    /// Included ones too.
    posts: i64,
    matched: i64,
    /// By volume.
    bytes: Vec<(&'static str, u64)>,
}

async fn sizes(running: &Running) -> Result<Sizes> {
    let posts: i64 = sqlx::query_scalar(ROWS).fetch_one(&running.rows).await?;
    let mut bytes = Vec::new();
    for volume in ["mysql-data", "kafka-data", "jaeger-data", "prometheus-data"] {
        let mut du = Command::new("du");
        du.args(["--summarize", "--block-size=1"]).arg(volume_folder(&running.project, volume)?);
        bytes.push((volume, output(du)?.split_whitespace().next().unwrap_or_default().parse()?));
    }
    Ok(Sizes { posts, matched: posts::count(running).await?, bytes })
}

impl Sizes {
    /// What each volume grew by for a matched post, those it brought along included: a month's posts are counted so.
    fn since(&self, before: &Self) -> String {
        let matched = self.matched - before.matched;
        let per_post = |now: u64, then: u64| (now as f64 - then as f64) / matched as f64;
        let volumes = self.bytes.iter().zip(&before.bytes).map(|((volume, now), (_, then))| {
            format!("{volume} {:.0} (of {:.0} MB in all)", per_post(*now, *then), *now as f64 / 1e6)
        });
        format!(
            "{matched} matched posts stored, {} with included ones; grown by bytes a matched post: {}",
            self.posts - before.posts,
            volumes.collect::<Vec<_>>().join(", ")
        )
    }
}
