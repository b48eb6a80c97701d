//! Programs that a step calls, in the workspace's root, and what runners hand on from step to step.

use std::{
    ffi::OsStr,
    fs::OpenOptions,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::cargo::root;

/// A call of a program, with how to get it where it is missing.
pub(crate) struct Call {
    command: Command,
    name: String,
    way_out: &'static str,
}

impl Call {
    pub(crate) fn new(program: &str) -> Self {
        let mut command = Command::new(program);
        command.current_dir(root());
        Self { command, name: program.to_owned(), way_out: "" }
    }

    /// Of a program with an environment of its own.
    pub(crate) fn of(mut command: Command) -> Self {
        command.current_dir(root());
        let name = Path::new(command.get_program()).file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        Self { command, name, way_out: "" }
    }

    /// What to do where it is not installed.
    pub(crate) fn or(mut self, way_out: &'static str) -> Self {
        self.way_out = way_out;
        self
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it, its words to the terminal.
    pub(crate) fn run(mut self) -> Result<()> {
        let status = self.command.status().with_context(|| self.missing())?;
        if status.success() { Ok(()) } else { bail!("{} ended with {status}", self.name) }
    }

    /// Runs it and gives what it says, without the last line's end.
    pub(crate) fn text(mut self) -> Result<String> {
        let output = self.command.stderr(Stdio::inherit()).output().with_context(|| self.missing())?;
        if !output.status.success() {
            bail!("{} ended with {}", self.name, output.status);
        }
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Runs it; what it complains of where it does not end well.
    pub(crate) fn complaint(mut self) -> Result<Option<String>> {
        let output = self.command.stdout(Stdio::null()).output().with_context(|| self.missing())?;
        let complaint = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
        Ok((!output.status.success()).then_some(complaint))
    }

    /// Whether it ends well; its words are nobody's.
    pub(crate) fn succeeds(mut self) -> Result<bool> {
        let status = self.command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        Ok(status.with_context(|| self.missing())?.success())
    }

    fn missing(&self) -> String {
        format!(
            "{} could not be started{}{}",
            self.name,
            if self.way_out.is_empty() { "" } else { ": " },
            self.way_out
        )
    }
}

/// A variable that a step needs.
pub(crate) fn needed(name: &str, why: &str) -> Result<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .with_context(|| format!("{name} is not set: {why}"))
}

/// A variable that may be absent.
pub(crate) fn given(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Hands a value on to later jobs, where a runner takes such; prints it in any case.
pub(crate) fn hand_on(name: &str, value: &str) -> Result<()> {
    println!("{name}:\n{value}");
    let Some(file) = given("GITHUB_OUTPUT") else { return Ok(()) };
    let mut file = OpenOptions::new().append(true).create(true).open(file)?;
    // Many lines under one name, as runners read them.
    writeln!(file, "{name}<<END-OF-{name}\n{value}\nEND-OF-{name}")?;
    Ok(())
}
