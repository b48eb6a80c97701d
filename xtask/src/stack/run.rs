//! Programs that are run to their end, with what they said where they fail.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Last lines of a failed program that are told.
const TOLD: usize = 12;

/// Its standard output, trimmed.
pub(super) fn output(mut command: Command) -> Result<String> {
    let name = words(&command);
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("{name} cannot be started"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    bail!("{name} ended with {}:\n{}", output.status, last(&said))
}

/// Whether it ends well; what it says goes nowhere.
pub(super) fn succeeds(mut command: Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// Runs it with each line of its standard error handed over as it comes; all of them where it fails.
pub(super) fn watched(mut command: Command, mut line: impl FnMut(&str)) -> Result<(), Failed> {
    let name = words(&command);
    let broken = |error: std::io::Error| Failed { what: name.clone(), said: error.to_string() };
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = child.spawn().map_err(broken)?;
    let mut said = String::new();
    let lines = child.stderr.take().into_iter().flat_map(|stderr| BufReader::new(stderr).lines());
    for text in lines.map_while(Result::ok) {
        line(&text);
        said.push_str(&text);
        said.push('\n');
    }
    let status = child.wait().map_err(broken)?;
    if status.success() { Ok(()) } else { Err(Failed { what: format!("{name} ({status})"), said }) }
}

/// A program that failed, and what it said.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) what: String,
    pub(super) said: String,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} failed:\n{}", self.what, last(&self.said))
    }
}

impl std::error::Error for Failed {}

/// The last lines, indented.
pub(super) fn last(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(TOLD);
    lines[from..].iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

/// Program and first words, for people.
fn words(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let first = command.get_args().take(4).map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program).chain(first).collect::<Vec<_>>().join(" ")
}
