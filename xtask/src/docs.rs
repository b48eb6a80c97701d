//! `cargo xtask docs`: writes the documentation that is made from what runs.

use anyhow::{Result, bail};

use crate::cargo::cargo;

/// Tests that compare a document with what it describes; with this variable set they write it first.
const WRITE: &str = "GARIMPO_WRITE_DOCS";

/// Writes them.
pub(crate) fn run() -> Result<()> {
    crate::cargo::run(&["build", "--bin", "sandbox"])?;
    for (package, target, test) in [("transformer", "writing", "the_schema_is_documented_as_it_is")] {
        let status = cargo(&["test", "-p", package, "--test", target, test]).env(WRITE, "1").status()?;
        if !status.success() {
            bail!("{test} ended with {status}");
        }
    }
    println!("docs/ is up to date: look at `git diff docs`");
    Ok(())
}
