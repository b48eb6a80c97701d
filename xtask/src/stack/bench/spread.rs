//! Where the ratios of two arms lie, and whether that tells a cost of 3 % from none.

use std::fmt;

use anyhow::{Result, ensure};

/// With it, an arm does at least so much in place of one: 3 % is what tracing may cost.
const LEAST: f64 = 0.97;
/// A range of the median no wider than this tells 3 % from nothing.
const NARROW: f64 = 0.03;

/// Where ratios lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    median: f64,
    /// The true median lies between these 19 times in 20, whatever the ratios' distribution.
    low: f64,
    high: f64,
    least: f64,
    most: f64,
}

impl Spread {
    /// None where there are too few: under six, no two of them surround the median that surely.
    pub(super) fn of(mut ratios: Vec<f64>) -> Option<Self> {
        ratios.sort_by(f64::total_cmp);
        let (count, outside) = (ratios.len(), outside(ratios.len()));
        let (low, high) = (*ratios.get(outside.checked_sub(1)?)?, *ratios.get(count - outside)?);
        let median = f64::midpoint(ratios[(count - 1) / 2], ratios[count / 2]);
        Some(Self { median, low, high, least: ratios[0], most: ratios[count - 1] })
    }

    /// Whether it tells a cost of 3 % from none.
    fn resolves(&self) -> bool {
        self.low >= LEAST || self.high < LEAST || self.high - self.low <= NARROW
    }
}

/// By posts a second where these tell; where a machine sways too much for that, by the cores that a post takes: where these
/// bind, what tracing takes of them is what it costs.
pub(super) fn verdict(rates: &Spread, cores: &Spread) -> Result<()> {
    let (what, told) = if rates.resolves() { ("posts a second", rates) } else { ("posts a core", cores) };
    ensure!(
        told.resolves(),
        "not resolved: spread {:.3} around {LEAST} ({what}: {told}): take a quieter machine, or more --rounds and --seconds",
        told.high - told.low
    );
    ensure!(
        told.median >= LEAST,
        "tracing every batch costs {:.1} % of the {what}, more than {:.0} % ({told})",
        (1.0 - told.median) * 100.0,
        (1.0 - LEAST) * 100.0
    );
    println!("tracing every batch costs at most {:.0} %, by {what}", (1.0 - LEAST) * 100.0);
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rates: &[f64], cores: &[f64]) -> String {
        let [rates, cores] = [rates, cores].map(|ratios| Spread::of(ratios.to_vec()).unwrap());
        verdict(&rates, &cores).map_or_else(|error| error.to_string(), |()| "at most 3 %".to_owned())
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
        let noise = around(0.99, 0.02);
        assert_eq!(told(&around(1.0, 0.002), &noise), "at most 3 %");
        // Noisy, and all of it on the good side.
        assert_eq!(told(&around(1.1, 0.02), &noise), "at most 3 %");
        assert!(
            told(&around(0.95, 0.002), &noise)
                .starts_with("tracing every batch costs 5.0 % of the posts a second")
        );
        assert!(told(&around(0.8, 0.02), &noise).starts_with("tracing every batch costs 20.0 %"));
        assert!(told(&noise, &noise).starts_with("not resolved: spread 0.140"));
    }

    #[test]
    fn where_rates_sway_the_cores_tell() {
        let (noise, good, bad) = ([0.9, 1.1, 0.95, 1.0, 1.05, 0.99], [0.98; 6], [0.9; 6]);
        assert_eq!(told(&noise, &good), "at most 3 %");
        assert!(told(&noise, &bad).starts_with("tracing every batch costs 10.0 % of the posts a core"));
        assert!(told(&bad, &good).starts_with("tracing every batch costs 10.0 % of the posts a second"));
    }
}
