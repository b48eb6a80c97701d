//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Collects posts from the X API into Kafka.
#[derive(Debug, Parser)]
#[command(name = "extractor", version, about)]
pub struct Cli {
    /// A configuration file (TOML) over the embedded defaults.
    #[arg(long, env = "EXTRACTOR_CONFIG", global = true)]
    pub config: Option<PathBuf>,
    /// A file of rules (TOML, `[[rules]]`) over the configuration.
    #[arg(long, env = "EXTRACTOR_RULES", global = true)]
    pub rules: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Collect until SIGTERM.
    Run,
    /// Print the effective configuration, what it may cost, and what brokers and topics lack; 1 if anything.
    Check,
    /// Ask the running extractor whether it does its work.
    Health,
    /// Where each rule stands, in Kafka.
    #[command(subcommand)]
    Cursors(Cursors),
}

/// Cursors.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Cursors {
    /// Write cursors that `transformer cursors export` read out of the ledger into a Kafka that lost its own.
    Import {
        /// The file; `-` reads what comes in.
        #[arg(default_value = "-")]
        file: PathBuf,
    },
}
