//! What was looked at: a line each, with the way out where something is wrong.

use std::fmt;

/// The lines so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: Vec<String>,
    failed: usize,
    warned: usize,
}

impl Report {
    /// As it has to be.
    pub(super) fn ok(&mut self, text: impl fmt::Display) {
        self.lines.push(format!("ok    {text}"));
    }

    /// It works, and will not for ever or not everywhere.
    pub(super) fn warn(&mut self, text: impl fmt::Display) {
        self.warned += 1;
        self.lines.push(format!("WARN  {text}"));
    }

    /// Wrong; the text ends with the way out.
    pub(super) fn fail(&mut self, text: impl fmt::Display) {
        self.failed += 1;
        self.lines.push(format!("FAIL  {text}"));
    }

    /// Not looked at.
    pub(super) fn left_out(&mut self, text: impl fmt::Display) {
        self.lines.push(format!("-     not looked at: {text}"));
    }

    pub(super) fn failed(&self) -> usize {
        self.failed
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "{} failed, {} to look after", self.failed, self.warned)
    }
}
