//! The programs of demo and benchmarks: optimised, and found by the sandbox.

use std::path::PathBuf;

use anyhow::{Context, Result};
use sandbox::binaries;

use crate::cargo;

/// Builds them, with cargo's own progress; `more` names further packages. From then on the sandbox starts these.
pub(crate) fn build(more: &[&str]) -> Result<()> {
    let mut arguments = vec!["build", "--release", "-p", "sandbox", "-p", "simulator", "-p", "extractor"];
    arguments.extend(["-p", "transformer", "--bins"]);
    arguments.extend(more);
    cargo::run(&arguments)?;
    binaries::look_in(folder()?);
    Ok(())
}

/// Where they lie.
pub(crate) fn folder() -> Result<PathBuf> {
    let own = std::env::current_exe().context("where this program lies")?;
    // target/PROFILE/xtask
    let target = own.ancestors().nth(2).context("this program lies in no target folder")?;
    Ok(target.join("release"))
}
