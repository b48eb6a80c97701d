//! `cargo xtask stack up | test | down | status`: the Compose stack on this machine, and the proof that it works.

mod again;
pub(crate) mod bench;
mod cluster;
mod configurations;
mod containers;
mod diagnose;
mod down;
mod engine;
mod findings;
mod full_disk;
mod images;
mod limits;
mod memory;
mod page;
mod pins;
mod posts;
mod preflight;
mod project;
mod reach;
mod refusals;
mod rights;
mod run;
mod scenes;
mod secrets;
mod site;
mod stand_in;
mod status;
mod telemetry;
mod test;
mod up;

use anyhow::Result;
use clap::{Args, Subcommand};

pub(crate) use findings::Findings;
pub(crate) use rights::{ACCOUNTS, Door, knock};
pub(crate) use stand_in::go_program;
pub(crate) use up::every_image;

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Bring the stack up with the simulator in X's place, or with X where a site's environment file names a token.
    Up(up::Options),
    /// Bring a stack of its own up, run posts through it, check everything that can be checked, and take it down.
    Test(test::Options),
    /// Take the stack down; its volumes stay.
    Down(down::Options),
    /// Pull or make images, and nothing else: what is made is kept for the next time.
    Images(up::ImageOptions),
    /// Say how each service is and what it takes.
    Status(status::Options),
}

/// Does it.
pub(crate) fn run(options: &Options) -> Result<()> {
    match &options.what {
        What::Up(options) => up::run(options),
        What::Test(options) => test::run(options),
        What::Down(options) => down::run(options),
        What::Images(options) => up::images(options),
        What::Status(options) => status::run(options),
    }
}
