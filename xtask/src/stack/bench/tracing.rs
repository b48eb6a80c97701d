//! A backlog collected with every batch traced and with none, in turns on one stack that is warm.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::super::containers;
use super::super::project::Layer;
use super::super::run::watched;
use super::super::site::Site;
use super::super::test::Running;
use super::spread::{Spread, at_one_speed};
use super::{Arm, Options, cpu, rest};

/// Kafka's program translates itself meanwhile, at the others' cost.
const WARM: Duration = Duration::from_secs(150);
/// What an extractor did before is written and its spans are stored by then.
const SETTLE: Duration = Duration::from_secs(8);
const LIMIT: Duration = Duration::from_secs(90);
const BETWEEN: Duration = Duration::from_millis(200);
/// More than any machine collects a second, and what an arm takes beside its window: the backlog outlasts the last one.
const ENOUGH: (u64, u64) = (4000, 20);
/// The containers that know nothing of traces.
const UNTOUCHED: [&str; 3] = ["kafka", "mysql", "simulator"];
/// The roller's lock: what it does once a minute would fall into one arm and not into the other.
const HOLD: &str = "SELECT value FROM report_settings WHERE name = 'report_timezone' FOR UPDATE";
const NOW: &str = "SELECT CAST(UTC_TIMESTAMP(3) AS CHAR)";
const SINCE: &str = "SELECT COUNT(*) FROM batches WHERE received_at > ?";
/// From the first to the last batch: the first one's posts were asked for before.
const WINDOW: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(trace_sampled), 0) AS SIGNED), \
                      SUM(posts) * (COUNT(*) - 1) / COUNT(*) / (TIMESTAMPDIFF(MICROSECOND, MIN(received_at), MAX(received_at)) / 1e6) + 0e0 \
                      FROM batches WHERE received_at BETWEEN ? AND ?";

pub(super) fn measure(options: &Options) -> Result<()> {
    let (rounds, seconds) = (options.rounds, options.seconds);
    let posts = (WARM.as_secs() + rounds * 2 * (seconds + ENOUGH.1)) * ENOUGH.0;
    let arm = Arm { layers: vec![Layer::Stack, Layer::Simulator, Layer::Observability], posts, rate: 0 };
    let (rates, speeds) = arm.run(options.images, async |running: &Running| {
        let mut held = running.rows.begin().await?;
        sqlx::query(HOLD).execute(&mut *held).await?;
        rest(WARM).await;
        let ratios = in_turns(running, rounds, seconds).await;
        held.rollback().await?;
        ratios
    })?;
    println!("* of {}: how fast the machine was meanwhile", UNTOUCHED.join(", "));
    let few = "too few rounds to say how far the ratios spread";
    let alike = Spread::of(at_one_speed(&rates, &speeds)).context(few)?;
    println!(
        "posts/s, as they came:     {}\nposts/s, at the same speed: {alike}",
        Spread::of(rates).context(few)?
    );
    alike.verdict()
}

/// Each round's two arms; traced over not traced, of the posts a second and of the machine's speed.
async fn in_turns(running: &Running, rounds: u64, seconds: u64) -> Result<(Vec<f64>, Vec<f64>)> {
    println!("tracing: the same stack for {seconds} s with every batch traced and for {seconds} s with none");
    println!("{:6} {:-^26}   {:-^26}   {:-^17}", "", " posts/s ", " posts/s for a core* ", " cores, all ");
    println!(
        "{:>6} {:>8} {:>8} {:>8}   {:>8} {:>8} {:>8}   {:>8} {:>8}",
        "round", "traced", "none", "ratio", "traced", "none", "ratio", "traced", "none"
    );
    let (mut rates, mut speeds) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        // Tables grow: turn by turn it is the other that goes second.
        let traced_first = round % 2 == 1;
        let first = collected(running, traced_first, seconds).await?;
        let second = collected(running, !traced_first, seconds).await?;
        let (traced, none) = if traced_first { (first, second) } else { (second, first) };
        let (rate, speed) = (traced.rate / none.rate, traced.speed() / none.speed());
        println!(
            "{round:>6} {:>8.1} {:>8.1} {rate:>8.3}   {:>8.1} {:>8.1} {speed:>8.3}   {:>8.3} {:>8.3}",
            traced.rate,
            none.rate,
            traced.speed(),
            none.speed(),
            traced.cores,
            none.cores
        );
        rates.push(rate);
        speeds.push(speed);
    }
    Ok((rates, speeds))
}

/// What an arm did.
struct Collected {
    /// Posts a second.
    rate: f64,
    /// Cores that all containers kept busy.
    cores: f64,
    /// Of these, by those that tracing gives nothing to do.
    untouched: f64,
}

impl Collected {
    /// Posts for a second of a core of those that do the same in both arms: how fast the machine was.
    fn speed(&self) -> f64 {
        self.rate / self.untouched
    }
}

/// Makes the extractor anew, with traces or without, and counts what is collected once it works. The transformer goes on: it
/// traces what came traced.
async fn collected(running: &Running, traces: bool, seconds: u64) -> Result<Collected> {
    let own = running.project.environment.last().context("no environment file")?;
    Site::write(own, &[("GARIMPO_TRACES", traces.to_string())])?;
    let up = ["up", "--detach", "--no-deps", "--pull", "never", "extractor"];
    watched(running.project.compose(&up), |_| ())?;
    let now = async || sqlx::query_scalar::<_, String>(NOW).fetch_one(&running.rows).await;
    let (began, anew) = (Instant::now(), now().await?);
    while sqlx::query_scalar::<_, i64>(SINCE).bind(&anew).fetch_one(&running.rows).await? == 0 {
        ensure!(began.elapsed() < LIMIT, "an extractor made anew collected nothing in {} s", LIMIT.as_secs());
        rest(BETWEEN).await;
    }
    rest(SETTLE).await;
    let containers = containers::of(&running.project)?;
    let busy = || -> Result<[f64; 2]> {
        let untouched = containers.iter().filter(|one| UNTOUCHED.contains(&one.service.as_str()));
        Ok([cpu::busy_all(&containers)?, cpu::busy_all(untouched)?])
    };
    let (from, before, began) = (now().await?, busy()?, Instant::now());
    rest(Duration::from_secs(seconds)).await;
    let (after, took) = (busy()?, began.elapsed().as_secs_f64());
    let [cores, untouched] = [0, 1].map(|at| (after[at] - before[at]) / took);
    let to = now().await?;
    // What was received is applied by then.
    rest(BETWEEN * 10).await;
    let (batches, sampled, rate): (i64, i64, Option<f64>) =
        sqlx::query_as(WINDOW).bind(&from).bind(&to).fetch_one(&running.rows).await?;
    let told = if traces { batches } else { 0 };
    ensure!(sampled == told, "{sampled} of {batches} batches were sampled with GARIMPO_TRACES={traces}");
    let rate = rate.filter(|_| batches > 1);
    let rate = rate.with_context(|| format!("{batches} batches in {seconds} s: there is no rate"))?;
    Ok(Collected { rate, cores, untouched })
}
