//! `cargo xtask bench`: figures of optimised programs, as ratios of arms that ran one after another on one machine.

mod loader;
mod machine;
mod read;
mod views;
mod write;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::{release, stack};

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A filled topic into MySQL, beside a bare loader that sends the same upserts.
    Write(write::Options),
    /// Millions of posts stored, then every view, beside the same question asked of the tables.
    Views(views::Options),
    /// The Compose stack: memory idle and under load, and what tracing every batch costs. Needs root.
    Stack(stack::bench::Options),
    /// Simulator to MySQL: from an answer received to its COMMIT, at 50 and 250 posts a second.
    Read(read::Options),
}

/// Builds, measures and prints.
pub(crate) fn run(options: &Options) -> Result<()> {
    println!("{}\n", machine::describe());
    let programs = || {
        release::build(&["-p", "bare-loader"])?;
        tokio::runtime::Runtime::new().context("no runtime")
    };
    match &options.what {
        What::Write(options) => programs()?.block_on(write::run(options)),
        What::Views(options) => programs()?.block_on(views::run(options)),
        What::Read(options) => programs()?.block_on(read::run(options)),
        What::Stack(options) => stack::bench::run(options),
    }
}
