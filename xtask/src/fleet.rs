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

/// Plays `fleet.yml`: commit, digests, health, last deploy and last error of each host.
pub(crate) fn run(options: &Options) -> Result<()> {
    Ansible::provide()?.play(&options.inventory, "fleet.yml").run()
}
