//! A backlog collected with every batch traced, and with telemetry left out, in turns within one run.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::super::images::Choice;
use super::super::posts;
use super::super::project::Layer;
use super::super::test::Running;
use super::{Arm, Options, rest};

const ROUNDS: usize = 3;
const LIMIT: Duration = Duration::from_secs(900);
const BETWEEN: Duration = Duration::from_secs(1);
/// From the first answer received to the last transaction's begin.
const SECONDS: &str = "SELECT TIMESTAMPDIFF(MICROSECOND, MIN(received_at), MAX(applied_at)) / 1e6 + 0e0 FROM batches WHERE posts > 0";

pub(super) fn measure(options: &Options) -> Result<()> {
    println!(
        "tracing: {} posts from the first answer received to the last commit, matched posts a second",
        options.posts
    );
    println!("{:>6} {:>14} {:>14} {:>8}", "round", "every traced", "not traced", "ratio");
    let (with, without) =
        ([Layer::Stack, Layer::Simulator, Layer::Observability], [Layer::Stack, Layer::Simulator]);
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        // Whoever goes second finds a warmer machine: turn by turn it is the other.
        let traced_first = round % 2 == 1;
        let first = arm(if traced_first { &with } else { &without }, options.posts, options.images)?;
        let second = arm(if traced_first { &without } else { &with }, options.posts, options.images)?;
        let (traced, untraced) = if traced_first { (first, second) } else { (second, first) };
        println!("{round:>6} {traced:>14.1} {untraced:>14.1} {:>8.3}", traced / untraced);
        ratios.push(traced / untraced);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.3}", ratios[ratios.len() / 2]);
    Ok(())
}

fn arm(layers: &[Layer], posts: u64, images: Choice) -> Result<f64> {
    Arm { layers: layers.to_vec(), posts, rate: 0 }.run(images, collect)
}

/// Waits until nothing more comes, then reads how long it took.
async fn collect(running: &Running) -> Result<f64> {
    let (began, mut before) = (Instant::now(), -1);
    loop {
        rest(BETWEEN * 5).await;
        let now = posts::count(running).await?;
        if now > 0 && now == before {
            break;
        }
        ensure!(began.elapsed() < LIMIT, "posts were still coming after {} s", LIMIT.as_secs());
        before = now;
    }
    let seconds: f64 = sqlx::query_scalar(SECONDS).fetch_one(&running.rows).await?;
    Ok(before as f64 / seconds)
}
