//! `cargo xtask demo | test | bench`: each does its own set-up, in a cache folder, without root.

mod cargo;
mod parts;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Runs, tests and measures garimpo on throw-away real services")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run every test: set-up, build, unit, property and end-to-end tests on real Kafka and MySQL.
    Test(test::Options),
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Test(options) => test::run(&options),
    }
}
