//! `cargo xtask docs`: writes the documentation that is made from what runs.

mod picture;

use anyhow::{Result, bail};

use crate::cargo::{cargo, run as run_cargo};

/// Tests that compare a document with what it describes; with this variable set they write it first.
const WRITE: &str = "GARIMPO_WRITE_DOCS";
/// Package, test target and test of each document.
const DOCUMENTS: [(&str, &str, &str); 2] = [
    ("transformer", "writing", "the_schema_is_documented_as_it_is"),
    ("transformer", "enrichment", "the_figures_of_the_guide_are_those_of_the_sample"),
];

/// Writes them, and the README's picture.
pub(crate) fn run() -> Result<()> {
    run_cargo(&["build", "-p", "sandbox", "-p", "transformer", "--bins"])?;
    for (package, target, test) in DOCUMENTS {
        let status = cargo(&["test", "-p", package, "--test", target, test]).env(WRITE, "1").status()?;
        if !status.success() {
            bail!("{test} ended with {status}");
        }
    }
    picture::write()?;
    println!("docs/ is up to date: look at `git diff docs`");
    Ok(())
}
