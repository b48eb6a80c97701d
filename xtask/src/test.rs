//! `cargo xtask test`: set-up, then every test, then what ran and how long it took.

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::{
    cargo::{cargo, run as run_cargo},
    parts::Parts,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Only tests whose name contains this.
    filter: Option<String>,
}

/// Tests counted from the runner's closing lines.
#[derive(Default)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    /// Adds a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some(figures) = line.strip_prefix("test result: ") else { return };
        let mut words = figures.split([' ', ';', '.']).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            let Ok(number) = word.parse::<u64>() else { continue };
            match words.peek() {
                Some(&"passed") => self.passed += number,
                Some(&"failed") => self.failed += number,
                Some(&"ignored") => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// Runs all tests and prints the parts with their minutes. Fails where one failed or none ran.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut parts = Parts::default();
    parts.run("build", || run_cargo(&["build", "--workspace", "--bins"]))?;
    parts.run("set-up: Kafka, MySQL, Java", || {
        run_cargo(&["run", "--quiet", "-p", "sandbox", "--", "setup"])
    })?;
    parts.run("build tests", || run_cargo(&["test", "--workspace", "--no-run", "--quiet"]))?;
    let count = parts.run("tests", || tests(options));
    println!("\n{}", parts.table());
    println!("Nothing here needed root; nothing was left out.");
    let count = count?;
    println!("{} passed, {} failed, {} skipped", count.passed, count.failed, count.ignored);
    match count {
        Count { failed: 0, passed: 1.., .. } => Ok(()),
        Count { failed: 0, .. } => bail!("no test ran"),
        Count { failed, .. } => bail!("{failed} tests failed"),
    }
}

fn tests(options: &Options) -> Result<Count> {
    let mut arguments = vec!["test", "--workspace", "--no-fail-fast"];
    arguments.extend(options.filter.as_deref());
    let mut child = cargo(&arguments).stdout(Stdio::piped()).spawn().context("cargo could not be started")?;
    let mut count = Count::default();
    let output = child.stdout.take().context("no output of cargo")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        count.add(&line);
        writeln!(std::io::stdout(), "{line}")?;
    }
    let status = child.wait()?;
    if !status.success() && count.failed == 0 {
        bail!("cargo test ended with {status}");
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn closing_lines_are_added_up() {
        let mut count = Count::default();
        count.add(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        count.add(
            "test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 7 filtered out; finished in 9s",
        );
        count.add("test a::b ... ok");
        assert_eq!((count.passed, count.failed, count.ignored), (5, 4, 1));
    }
}
