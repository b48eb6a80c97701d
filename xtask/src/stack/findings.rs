//! What a test of the stack found, a line each, told as it is found.

use anyhow::{Result, bail};

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    good: u64,
    wrong: Vec<String>,
}

impl Findings {
    /// Says what is checked next.
    pub(super) fn part(&self, name: &str) {
        println!("\n{name}");
    }

    /// One finding: what is so, or is not.
    pub(super) fn is(&mut self, holds: bool, what: impl Into<String>) {
        let what = what.into();
        println!("  {} {what}", if holds { "ok   " } else { "WRONG" });
        if holds {
            self.good += 1;
        } else {
            self.wrong.push(what);
        }
    }

    /// A part that could not be looked at to its end counts as wrong.
    pub(super) fn whole(&mut self, part: &str, looked: Result<()>) {
        if let Err(error) = looked {
            self.is(false, format!("{part}: {error:#}"));
        }
    }

    /// The end: an error where anything was wrong, or nothing was looked at.
    pub(crate) fn conclude(&self) -> Result<()> {
        println!("\n{} findings good, {} wrong", self.good, self.wrong.len());
        if self.good == 0 {
            bail!("nothing was found out");
        }
        if !self.wrong.is_empty() {
            bail!("the stack is not as it has to be:\n  {}", self.wrong.join("\n  "));
        }
        Ok(())
    }
}
