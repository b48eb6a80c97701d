//! How far the posts have come: bars on a terminal, else a line every few seconds.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use sandbox::pipeline::Progress;

/// From one line to the next where there is no terminal.
const EVERY: Duration = Duration::from_secs(2);

/// Bars or lines.
pub(crate) enum Bars {
    Terminal { bought: ProgressBar, stored: ProgressBar, spent: ProgressBar },
    Lines { last: Option<Instant> },
}

impl Bars {
    pub(crate) fn to_stderr() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines { last: None };
        }
        let all = MultiProgress::new();
        let bar = |name: &'static str, template: &str| {
            let style =
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            all.add(ProgressBar::new(0).with_style(style).with_prefix(name))
        };
        let posts = "{prefix:>12} [{bar:40}] {human_pos}/{human_len} posts {per_sec}";
        let bought = bar("bought", posts);
        let stored = bar("stored", posts);
        Self::Terminal { bought, stored, spent: bar("spent", "{prefix:>12} {msg}") }
    }

    /// Shows one look.
    pub(crate) fn show(&mut self, progress: &Progress) {
        let spent = dollars(progress.spent_usd_micros);
        match self {
            Self::Terminal { bought, stored, spent: bar } => {
                for (bar, at) in [(bought, progress.bought as u64), (stored, progress.stored)] {
                    bar.set_length((progress.wanted as u64).max(at));
                    bar.set_position(at);
                }
                bar.set_message(format!("{spent} for {} answers", progress.batches));
            }
            Self::Lines { last } if last.is_none_or(|last| last.elapsed() >= EVERY) => {
                *last = Some(Instant::now());
                let Progress { wanted, bought, stored, batches, .. } = progress;
                eprintln!(
                    "posts: {bought} of {wanted} bought, {stored} stored; {spent} for {batches} answers"
                );
            }
            Self::Lines { .. } => {}
        }
    }

    /// Leaves the screen to the report.
    pub(crate) fn end(self) {
        if let Self::Terminal { bought, stored, spent } = self {
            for bar in [bought, stored, spent] {
                bar.finish_and_clear();
            }
        }
    }
}

/// Millionths of a dollar, in dollars and cents.
pub(crate) fn dollars(micros: i64) -> String {
    let cents = (micros + 5_000) / 10_000;
    format!("${}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::dollars;

    #[test]
    fn money_is_rounded_to_cents() {
        assert_eq!([0, 4_999, 5_000, 2_555_000].map(dollars), ["$0.00", "$0.00", "$0.01", "$2.56"]);
    }
}
