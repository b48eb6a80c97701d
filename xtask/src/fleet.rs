//! `cargo xtask fleet`: what each host of an inventory runs. Reads, and changes nothing.

use anyhow::Result;
use clap::Args;

use crate::ansible::Ansible;

#[derive(Args)]
pub(crate) struct Options {
    /// `lab` or `aws`.
    #[arg(default_value = "lab")]
    inventory: String,
}

/// Plays `fleet.yml`: commit, digests, health, last deploy, last error, alerts and newest dump of each host, or that it is off.
pub(crate) fn run(options: &Options) -> Result<()> {
    Ansible::provide()?.play(&options.inventory, "fleet.yml").run()
}
