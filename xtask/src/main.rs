//! `cargo xtask demo | test | bench | docs | lint | nix`: each does its own set-up, in a cache folder, without root; and
//! `stack` and `rehearse`, on Docker.

mod ansible;
mod bench;
mod cargo;
mod ci;
mod demo;
mod docs;
mod fleet;
mod lint;
mod nix;
mod parts;
mod rehearse;
mod release;
mod rotate;
mod stack;
mod test;
mod user;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Runs, tests and measures garimpo on throw-away real services")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure optimised programs: ratios of arms that ran in one go, with the machine they ran on.
    Bench(bench::Options),
    /// One step of the workflows, the same here as on a runner.
    Ci(ci::Options),
    /// Show the whole pipeline at work on real Kafka and MySQL, and prove that nothing was lost, doubled or paid for twice.
    Demo(demo::Options),
    /// Write the documentation that is made from what runs: the schema, figures, the README's picture.
    Docs,
    /// Say what each host runs; changes nothing.
    Fleet(fleet::Options),
    /// Look over the languages beside Rust with their linters, fetched once from PyPI.
    Lint(lint::Options),
    /// Build images and checks of the flake, where Nix and a package set are at hand.
    Nix(nix::Options),
    /// The deployment on lab hosts made for it, over real SSH; as root, because hosts are containers with systemd.
    Rehearse(rehearse::Options),
    /// Another token of X, other passwords or certificates.
    Rotate(rotate::Options),
    /// The Compose stack: bring it up, test it, take it down.
    Stack(stack::Options),
    /// Run every test: set-up, build, unit, property and end-to-end tests on real Kafka and MySQL.
    Test(test::Options),
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Bench(options) => bench::run(&options),
        Command::Ci(options) => ci::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Docs => docs::run(),
        Command::Fleet(options) => fleet::run(&options),
        Command::Lint(options) => lint::run(&options),
        Command::Nix(options) => nix::run(&options),
        Command::Rehearse(options) => rehearse::run(&options),
        Command::Rotate(options) => rotate::run(&options),
        Command::Stack(options) => stack::run(&options),
        Command::Test(options) => test::run(&options),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        // The message alone: a backtrace tells a user nothing.
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
