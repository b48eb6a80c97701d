//! Ansible of the version `ansible/requirements.txt` locks, from PyPI into the cache folder: nothing has to be installed.

use std::process::Command;

use anyhow::Result;
use sandbox::setup::{Cache, Progress, Python, PythonTool};

use crate::{cargo::root, ci::Call};

/// The lock, with hashes; made as `xtask/linters/linters.toml` says of the linters' own.
const REQUIREMENTS: &str = include_str!("../../ansible/requirements.txt");

/// Its programs.
pub(crate) struct Ansible(PythonTool);

impl Ansible {
    /// Finds it in the cache, or fetches it (20 MB) once.
    pub(crate) fn provide() -> Result<Self> {
        let (cache, progress) = (Cache::of_this_user()?, Progress::to_stderr());
        let lock = cache.lock(&progress)?;
        let python = Python::provide(&cache, &lock, &progress)?;
        Ok(Self(python.tool(&cache, &lock, "ansible-core", REQUIREMENTS, &progress)?))
    }

    /// `ansible-playbook` or another of them, with the project's settings.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = self.0.command(program);
        command.env("ANSIBLE_CONFIG", root().join("ansible/ansible.cfg"));
        command
    }

    /// The same as a call.
    pub(crate) fn call(&self, program: &str) -> Call {
        Call::of(self.command(program))
    }

    /// A playbook on the hosts of an inventory of this repository.
    pub(crate) fn play(&self, inventory: &str, playbook: &str) -> Call {
        self.call("ansible-playbook")
            .arg("--inventory")
            .arg(root().join("ansible/inventories").join(inventory).join("hosts.yml"))
            .arg(root().join("ansible").join(playbook))
    }
}
