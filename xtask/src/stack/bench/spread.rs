//! Where the ratios of two arms lie, and whether that tells a cost of 3 % from none.

use std::fmt;

use anyhow::{Result, ensure};

/// With it, an arm does at least so much in place of one: 3 % is what tracing may cost.
const LEAST: f64 = 0.97;
/// A range of the median no wider than this tells 3 % from nothing.
const NARROW: f64 = 0.03;

/// The ratios as they would be had the machine been as fast in both arms of a round: what its speed explains of them, by least
/// squares over their logarithms, is taken out (an analysis of covariance).
pub(super) fn at_one_speed(ratios: &[f64], speeds: &[f64]) -> Vec<f64> {
    let [y, x] = [ratios, speeds].map(|all| all.iter().map(|one| one.ln()).collect::<Vec<f64>>());
    let [mean_y, mean_x] = [&y, &x].map(|all| all.iter().sum::<f64>() / all.len() as f64);
    let together: f64 = y.iter().zip(&x).map(|(y, x)| (y - mean_y) * (x - mean_x)).sum();
    let alone: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
    let slope = if alone > 0.0 { together / alone } else { 0.0 };
    y.iter().zip(&x).map(|(y, x)| (y - slope * x).exp()).collect()
}

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

    /// An error where the ratios tell that less is done than may be, and where they do not tell.
    pub(super) fn verdict(&self) -> Result<()> {
        let resolved = self.low >= LEAST || self.high < LEAST || self.high - self.low <= NARROW;
        ensure!(
            resolved,
            "not resolved: spread {:.3} around {LEAST} ({self}): take a quieter machine, or more --rounds and --seconds",
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
    fn what_the_machines_speed_explains_is_taken_out() {
        let speeds: [f64; 6] = [0.84, 1.0, 1.12, 0.9, 1.05, 0.97];
        let swayed = speeds.map(|speed| 0.99 * speed.sqrt());
        for ratio in at_one_speed(&swayed, &speeds) {
            assert!((ratio - 0.99).abs() < 1e-9, "{ratio}");
        }
        // Without any sway there is nothing to take out.
        assert_eq!(at_one_speed(&[0.5, 2.0], &[1.0, 1.0]), [0.5_f64.ln().exp(), 2.0_f64.ln().exp()]);
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
