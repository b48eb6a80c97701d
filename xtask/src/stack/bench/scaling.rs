//! What waits in Kafka, written by one transformer and by several, and how busy MySQL is meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::super::containers::Container;
use super::super::engine::docker;
use super::super::findings::Findings;
use super::super::posts;
use super::super::project::Layer;
use super::super::run::output;
use super::super::test::Running;
use super::{Arm, Options, cpu, rest};

/// Transformers, and writers of each.
const ARMS: [(u64, u64); 5] = [(1, 1), (2, 1), (1, 2), (2, 2), (3, 2)];
/// Walks of a second each spread over all partitions; a backlog of before the start would be one walk on one of them.
const RATE: u64 = 600;
const LIMIT: Duration = Duration::from_secs(300);
/// Nothing further was fetched, or written, for so long: it is over.
const QUIET: Duration = Duration::from_secs(5);
const SAMPLE: Duration = Duration::from_millis(250);
const WRITTEN: &str = "SELECT CAST(COALESCE(SUM(posts), 0) AS SIGNED) FROM batches";

/// What one arm did, from the first change seen to the last.
struct Drained {
    posts: i64,
    seconds: f64,
    /// Cores MySQL kept busy, and those it may use.
    cores: f64,
    may: f64,
}

pub(super) fn measure(options: &Options) -> Result<()> {
    let wait = Duration::from_secs(options.backlog);
    println!(
        "scale-out: {RATE} new posts/s for {} s while no transformer runs, then what waits is written",
        wait.as_secs()
    );
    let mut table = format!(
        "{:>12} {:>12} {:>8} {:>10} {:>8} {:>15}\n",
        "transformers", "writers each", "posts", "posts/s", "ratio", "MySQL's cores"
    );
    let mut first = None;
    for (transformers, writers) in ARMS {
        let arm = Arm { layers: vec![Layer::Stack, Layer::Simulator], posts: 0, rate: RATE };
        let values: [(_, &dyn ToString); 2] =
            [("GARIMPO_TRANSFORMERS", &transformers), ("GARIMPO_WRITERS", &writers)];
        let drained = arm.run_with(&values, options.images, async |running: &Running| {
            let found = of(running, "transformer").count() as u64;
            ensure!(found == transformers, "{found} transformers came up in place of {transformers}");
            drain(running, wait).await
        })?;
        let rate = drained.posts as f64 / drained.seconds;
        let ratio = rate / *first.get_or_insert(rate);
        table += &format!(
            "{transformers:>12} {writers:>12} {:>8} {rate:>10.0} {ratio:>8.2} {:>7.2} of {:.2}\n",
            drained.posts, drained.cores, drained.may
        );
    }
    println!("\n{table}");
    Ok(())
}

async fn drain(running: &Running, wait: Duration) -> Result<Drained> {
    let transformers: Vec<&str> = of(running, "transformer").map(|one| one.id.as_str()).collect();
    output(docker(&[&["stop"][..], &transformers].concat()))?;
    rest(wait).await;
    running.simulator.halt().await?;
    until_quiet(0, async || Ok(running.simulator.bill().await?.posts)).await?;
    output(docker(&[&["start"][..], &transformers].concat()))?;
    let mysql = running.container("mysql")?;
    let (began, mut samples) = (Instant::now(), Vec::new());
    until_quiet(1, async || {
        let written: i64 = sqlx::query_scalar(WRITTEN).fetch_one(&running.rows).await?;
        samples.push((began.elapsed().as_secs_f64(), cpu::busy(mysql)?, written));
        Ok(written)
    })
    .await?;
    let mut findings = Findings::default();
    posts::agree(running, &mut findings, "after what waited was written").await?;
    findings.conclude()?;
    // From the last look before anything was written to the first that saw all of it.
    let (Some(&(.., before)), Some(&(.., after))) = (samples.first(), samples.last()) else {
        anyhow::bail!("nothing was looked at")
    };
    let from = samples.iter().rfind(|(.., written)| *written == before);
    let to = samples.iter().find(|(.., written)| *written == after);
    let ((from, busy_from, _), (to, busy_to, _)) = from.zip(to).context("nothing was looked at")?;
    ensure!(after > before && to > from, "nothing waited in Kafka");
    Ok(Drained {
        posts: after - before,
        seconds: to - from,
        cores: (busy_to - busy_from) / (to - from),
        may: mysql.nano_cpus as f64 / 1e9,
    })
}

/// Looks until what it sees has changed at least so often and stays the same for a while.
async fn until_quiet<T: PartialEq>(least: u32, mut look: impl AsyncFnMut() -> Result<T>) -> Result<()> {
    let began = Instant::now();
    let (mut seen, mut changes, mut since) = (look().await?, 0, Instant::now());
    while changes < least || since.elapsed() < QUIET {
        ensure!(began.elapsed() < LIMIT, "still {changes} changes after {} s", LIMIT.as_secs());
        rest(SAMPLE).await;
        let now = look().await?;
        if now != seen {
            (seen, since) = (now, Instant::now());
            changes += 1;
        }
    }
    Ok(())
}

fn of<'a>(running: &'a Running, service: &'a str) -> impl Iterator<Item = &'a Container> {
    running.containers.iter().filter(move |one| one.service == service)
}
