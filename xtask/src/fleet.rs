//! `cargo xtask fleet`: what each host of an inventory runs. Reads, and changes nothing.

use anyhow::Result;
use clap::Args;

use crate::{cargo::root, ci::Call};

#[derive(Args)]
pub(crate) struct Options {
    /// `lab` or `aws`.
    #[arg(default_value = "lab")]
    inventory: String,
}

/// Plays `fleet.yml`: commit, digests, health, last deploy and last error of each host.
pub(crate) fn run(options: &Options) -> Result<()> {
    Call::new("ansible-playbook")
        .or("pip install ansible-core==2.19.14")
        .env("ANSIBLE_CONFIG", root().join("ansible/ansible.cfg"))
        .arg("--inventory")
        .arg(root().join("ansible/inventories").join(&options.inventory).join("hosts.yml"))
        .arg(root().join("ansible/fleet.yml"))
        .run()
}
