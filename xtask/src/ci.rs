//! `cargo xtask ci STEP`: each step of the workflows, the same on a runner and in the rehearsal. What differs comes by environment.

mod deploy;
mod git;
mod images;
mod index;
mod installed;
mod nightly;
mod pin;
mod pins;
mod plan;
mod publish;
mod sbom;
mod sign;
mod tool;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::cargo;
pub(crate) use tool::Call;

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// The project's own checks: `.ci/run`.
    Check,
    /// The Compose stack and the end-to-end checks on it, on the pinned images where they can be pulled.
    Stack,
    /// The stack with three brokers, each killed in turn; as root.
    Cluster,
    /// Say whether anything that goes into an image changed since the pinned ones were built.
    Plan,
    /// Build the images of this machine's architecture by Nix, as OCI layouts in `target/ci`.
    Build,
    /// Push them under the commit and the architecture.
    Stage,
    /// Join architectures to one index an image, push it under the commit, sign it, attest what is in it.
    Publish,
    /// List what is in each image, as CycloneDX in `target/ci`; part of `publish`.
    Sbom,
    /// Commit the digests to `compose/pins.env` and move the branch hosts follow; nothing on its own commit.
    Pin,
    /// Deploy to an inventory over SSH, or say that its hosts fetch for themselves.
    Deploy {
        /// `lab` or `aws`.
        inventory: String,
    },
    /// The deployment's rehearsal on hosts made for it.
    Rehearse,
    /// The benchmarks on throw-away Kafka and MySQL, one after the other; by an ordinary user.
    Bench,
    /// The benchmark of the Compose stack; as root.
    BenchStack,
    /// Licences and sources of what is built in, and what must not be; part of `check`.
    Deny,
    /// Known vulnerabilities of what is built in.
    Scan,
    /// Newer images of others than those pinned, as a branch.
    Updates,
}

/// Those of `cargo xtask bench` that need no root.
const BENCHMARKS: [&str; 3] = ["write", "views", "read"];

/// Runs one step.
pub(crate) fn run(options: &Options) -> Result<()> {
    match &options.step {
        Step::Check => tool::Call::new(".ci/run").run(),
        Step::Stack => cargo::run(&["xtask", "stack", "test"]),
        Step::Cluster => cargo::run(&["xtask", "stack", "test", "--cluster"]),
        Step::Plan => plan::run(),
        Step::Build => publish::build(),
        Step::Stage => publish::stage(),
        Step::Publish => publish::publish(),
        Step::Sbom => sbom::run(),
        Step::Pin => pin::run(),
        Step::Deploy { inventory } => deploy::run(inventory),
        Step::Rehearse => cargo::run(&["xtask", "rehearse"]),
        Step::Bench => BENCHMARKS.iter().try_for_each(|what| cargo::run(&["xtask", "bench", what])),
        Step::BenchStack => cargo::run(&["xtask", "bench", "stack"]),
        Step::Deny => nightly::deny(&["bans", "licenses", "sources"]),
        Step::Scan => nightly::deny(&["advisories"]),
        Step::Updates => nightly::updates(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::BENCHMARKS;
    use crate::Arguments;

    #[test]
    fn every_benchmark_of_the_nightly_run_exists() {
        for what in BENCHMARKS {
            assert!(Arguments::try_parse_from(["xtask", "bench", what]).is_ok(), "bench {what}");
        }
        assert!(Arguments::try_parse_from(["xtask", "bench"]).is_err());
    }
}
