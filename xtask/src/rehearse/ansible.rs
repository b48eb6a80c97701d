//! Plays on the hosts of the rehearsal, over SSH, with what each changed.

use std::{
    fs::{self, File},
    path::Path,
};

use anyhow::{Context, Result};

use super::stage::INVENTORY;
use crate::ansible::Ansible;

/// How a play ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Played {
    pub(super) ok: u32,
    pub(super) changed: u32,
    pub(super) failed: u32,
    /// Everything it said.
    pub(super) said: String,
}

/// Plays `playbook` of the checkout in `clone`.
pub(super) fn play(
    ansible: &Ansible,
    (clone, connections): (&Path, &Path),
    log: &Path,
    playbook: &str,
    extra: &[&str],
) -> Result<Played> {
    let mut play = ansible.command("ansible-playbook");
    play.current_dir(clone.join("ansible"))
        .env("ANSIBLE_CONFIG", clone.join("ansible/ansible.cfg"))
        .env("ANSIBLE_NOCOLOR", "1")
        .env("ANSIBLE_SSH_CONTROL_PATH_DIR", connections)
        .args(["--inventory", &format!("inventories/{INVENTORY}/hosts.yml"), playbook])
        .args(extra);
    // To a file from the first line on: a play that hangs can be looked at.
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let ended = play.stdout(file.try_clone()?).stderr(file).status();
    ended.context("ansible-playbook could not be started")?;
    let said = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    Ok(Played { said: said.clone(), ..recap(&said) })
}

/// The sums of the closing lines, over all hosts.
fn recap(said: &str) -> Played {
    let mut sums = Played::default();
    let lines = said.lines().skip_while(|line| !line.starts_with("PLAY RECAP"));
    for word in lines.flat_map(str::split_whitespace) {
        let Some((name, number)) = word.split_once('=') else { continue };
        let number: u32 = number.parse().unwrap_or_default();
        match name {
            "ok" => sums.ok += number,
            "changed" => sums.changed += number,
            "failed" | "unreachable" => sums.failed += number,
            _ => {}
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::recap;

    #[test]
    fn hosts_are_summed_up_and_an_unreachable_one_has_failed() {
        let said = "TASK [x] ***\nchanged=9\nPLAY RECAP ***\nlab-1 : ok=2 changed=1 unreachable=0 failed=0 rescued=1\nlab-2 : ok=3 changed=0 unreachable=1 failed=0\n";
        let sums = recap(said);
        assert_eq!((sums.ok, sums.changed, sums.failed), (5, 1, 1));
    }
}
