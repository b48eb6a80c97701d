//! The extractor: load, run, flush.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = extractor::Cli::parse();
    match extractor::start(&cli) {
        Ok(code) => code,
        Err(error) => bootstrap::report(error.as_ref()),
    }
}
