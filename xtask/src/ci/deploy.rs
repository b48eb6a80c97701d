//! To the hosts of an inventory: over SSH where they can be reached, else they fetch for themselves.

use std::{ffi::OsString, fs::OpenOptions, io::Write as _, os::unix::fs::OpenOptionsExt as _};

use anyhow::{Result, bail};
use tempfile::TempDir;

use super::tool::given;
use crate::{ansible::Ansible, cargo::root};

/// `CI_DEPLOY=push` plays `deploy.yml` over SSH; `pull` (the default) leaves it to the hosts' timers.
pub(super) fn run(inventory: &str) -> Result<()> {
    let folder = root().join("ansible/inventories").join(inventory);
    if !folder.is_dir() {
        bail!("{} is no inventory", folder.display());
    }
    if given("CI_DEPLOY").as_deref().unwrap_or("pull") == "pull" {
        println!(
            "{inventory}: its hosts cannot be reached from here and fetch the branch `hosts` by their timers, within some \
             minutes; `cargo xtask fleet {inventory}` on a machine that reaches them says what they run"
        );
        return Ok(());
    }
    let mut call = Ansible::provide()?.play(inventory, "deploy.yml");
    let secrets = Secrets::unpack()?;
    for (option, file) in &secrets.options {
        call = call.arg(option).arg(file);
    }
    call.run()
}

/// What a runner holds in variables and programs read from files; gone with this value.
struct Secrets {
    _folder: TempDir,
    options: Vec<(&'static str, OsString)>,
}

impl Secrets {
    fn unpack() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut options = Vec::new();
        let mut file = |variable: &str, option: &'static str, prefix: &str| -> Result<()> {
            let Some(value) = given(variable) else { return Ok(()) };
            let path = folder.path().join(variable);
            let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
            // A key without its last line's end is none to ssh.
            writeln!(file, "{}", value.trim_end())?;
            let mut argument = OsString::from(prefix);
            argument.push(path);
            options.push((option, argument));
            Ok(())
        };
        file("CI_SSH_KEY", "--private-key", "")?;
        file("CI_SSH_KNOWN_HOSTS", "--ssh-common-args", "-o UserKnownHostsFile=")?;
        file("CI_VAULT_PASSWORD", "--vault-password-file", "")?;
        Ok(Self { _folder: folder, options })
    }
}
