//! Parts of a long piece of work: each is named when it begins and timed when it ends.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// What ran so far, with its time.
#[derive(Default)]
pub(crate) struct Parts(Vec<(String, Duration)>);

impl Parts {
    /// Runs one part. Its error is named after it.
    pub(crate) fn run<T>(&mut self, name: &str, part: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("== {name}");
        let began = Instant::now();
        let result = part().with_context(|| format!("{name} failed"));
        self.0.push((name.to_owned(), began.elapsed()));
        result
    }

    /// The parts with their minutes, one a line.
    pub(crate) fn table(&self) -> String {
        let total = self.0.iter().map(|(_, time)| *time).sum();
        let line = |name: &str, time: Duration| format!("{:>6.1} min  {name}\n", time.as_secs_f64() / 60.0);
        self.0.iter().map(|(name, time)| line(name, *time)).collect::<String>() + &line("in all", total)
    }
}
