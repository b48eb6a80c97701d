//! The transformer: batches of posts from Kafka into MySQL.

use std::process::ExitCode;

use clap::Parser as _;
use transformer::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().execute().unwrap_or_else(|error: anyhow::Error| bootstrap::report(error.as_ref()))
}
