//! A backlog collected with every batch traced, and with telemetry left out, in turns within one run.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::super::images::Choice;
use super::super::posts;
use super::super::project::Layer;
use super::super::test::Running;
use super::{Arm, Options, rest};

/// Traced, a stack collects at least so many posts in place of one: 3 % is what tracing may cost.
const LEAST: f64 = 0.97;
/// A range of the median no wider than this tells 3 % from nothing.
const NARROW: f64 = 0.03;
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
    for round in 1..=options.rounds {
        // Whoever goes second finds a warmer machine: turn by turn it is the other.
        let traced_first = round % 2 == 1;
        let first = arm(if traced_first { &with } else { &without }, options.posts, options.images)?;
        let second = arm(if traced_first { &without } else { &with }, options.posts, options.images)?;
        let (traced, untraced) = if traced_first { (first, second) } else { (second, first) };
        println!("{round:>6} {traced:>14.1} {untraced:>14.1} {:>8.3}", traced / untraced);
        ratios.push(traced / untraced);
    }
    let spread = Spread::of(ratios).context("too few rounds to say how far the ratios spread")?;
    println!("ratios: {spread}");
    spread.verdict()
}

/// Where ratios lie.
#[derive(Debug, Clone, Copy)]
struct Spread {
    median: f64,
    /// The true median lies between these 19 times in 20, whatever the ratios' distribution.
    low: f64,
    high: f64,
    least: f64,
    most: f64,
}

impl Spread {
    /// None where there are too few: under six, no two of them surround the median that surely.
    fn of(mut ratios: Vec<f64>) -> Option<Self> {
        ratios.sort_by(f64::total_cmp);
        let (count, outside) = (ratios.len(), outside(ratios.len()));
        let (low, high) = (*ratios.get(outside.checked_sub(1)?)?, *ratios.get(count - outside)?);
        let median = f64::midpoint(ratios[(count - 1) / 2], ratios[count / 2]);
        Some(Self { median, low, high, least: ratios[0], most: ratios[count - 1] })
    }

    fn verdict(&self) -> Result<()> {
        let resolved = self.low >= LEAST || self.high < LEAST || self.high - self.low <= NARROW;
        ensure!(
            resolved,
            "not resolved: spread {:.3} around {LEAST} ({self}): take a quieter machine, or more --rounds and --posts",
            self.high - self.low
        );
        ensure!(
            self.median >= LEAST,
            "tracing every batch costs {:.1} % of the posts a second, more than {:.0} % ({self})",
            (1.0 - self.median) * 100.0,
            (1.0 - LEAST) * 100.0
        );
        Ok(())
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { median, low, high, least, most } = self;
        write!(
            f,
            "median {median:.3}, 19 times in 20 between {low:.3} and {high:.3}, all between {least:.3} and {most:.3}"
        )
    }
}

/// At which of so many ordered values, counted from either end, the range begins that holds the median 19 times in 20: the
/// sign test's. Beyond the k-th from one end the median lies with the chance of fewer than k heads in so many tosses.
fn outside(count: usize) -> usize {
    let mut ways = 1.0;
    let (mut fewer, mut at) = (0.0, 0);
    let all = 2_f64.powi(i32::try_from(count).unwrap_or(i32::MAX));
    while at < count {
        fewer += ways / all;
        if fewer > 0.025 {
            break;
        }
        ways *= (count - at) as f64 / (at + 1) as f64;
        at += 1;
    }
    at
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

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(ratios: &[f64]) -> String {
        let spread = Spread::of(ratios.to_vec()).unwrap();
        spread.verdict().map_or_else(|error| error.to_string(), |()| "at most 3 %".to_owned())
    }

    #[test]
    fn the_range_of_the_median_is_the_sign_tests() {
        // Its tables: none under six values, the ends up to eight, the second from the ends from nine on.
        assert_eq!([5, 6, 8, 9, 10, 11, 12, 20].map(outside), [0, 1, 1, 2, 2, 2, 3, 6]);
        assert!(Spread::of(vec![1.0; 5]).is_none());
    }

    #[test]
    fn a_cost_is_told_from_none_and_from_noise() {
        let around = |middle: f64, step: f64| -> Vec<f64> {
            (0..10).map(|at| middle + (f64::from(at) - 4.5) * step).collect()
        };
        assert_eq!(verdict(&around(1.0, 0.002)), "at most 3 %");
        // Noisy, and all of it on the good side.
        assert_eq!(verdict(&around(1.1, 0.02)), "at most 3 %");
        assert!(verdict(&around(0.95, 0.002)).starts_with("tracing every batch costs 5.0 %"));
        assert!(verdict(&around(0.8, 0.02)).starts_with("tracing every batch costs 20.0 %"));
        assert!(verdict(&around(0.99, 0.02)).starts_with("not resolved: spread 0.140"));
    }
}
