//! Programs of the machine that the set-up runs to their end.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::cache::Lock;
use super::error::SetupError;

/// The program called `name` on the PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Runs `command` to its end, handing each line of its output to `line`.
///
/// # Errors
/// It cannot be started, or ends with an error: then with its last lines, or those apt marks as errors.
pub(super) fn run(
    mut command: Command,
    lock: &Lock,
    purpose: &str,
    mut line: impl FnMut(&str),
) -> Result<(), SetupError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = |source| SetupError::Start { program: program.clone(), purpose: purpose.to_owned(), source };
    let mut child = command
        // An orphan of a killed set-up goes on for a while: the next set-up waits for it.
        .stdin(lock.inherited())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(start)?;
    let stderr = child.stderr.take();
    let errors = std::thread::spawn(move || {
        let lines = stderr.map(|stderr| BufReader::new(stderr).lines().map_while(Result::ok).collect());
        lines.unwrap_or_else(Vec::new)
    });
    let mut output: Vec<String> = Vec::new();
    for text in
        child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok)
    {
        line(&text);
        output.push(text);
    }
    let status = child.wait().map_err(start)?;
    output.extend(errors.join().unwrap_or_default());
    if status.success() {
        return Ok(());
    }
    let marked = |text: &&String| ["E:", "Err:", "[ERROR]"].iter().any(|mark| text.starts_with(mark));
    let mut telling: Vec<&String> = output.iter().filter(marked).collect();
    if telling.is_empty() {
        telling = output.iter().collect();
    }
    let last = telling.iter().skip(telling.len().saturating_sub(12)).map(|text| format!("  {text}"));
    Err(SetupError::Failed {
        program,
        status: status.to_string(),
        purpose: purpose.to_owned(),
        output: last.collect::<Vec<_>>().join("\n"),
    })
}
