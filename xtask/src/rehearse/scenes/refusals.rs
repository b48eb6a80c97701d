//! What is not right stops a deploy before anything is changed, with the way out in the message.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use super::{HOST, refused_by};
use crate::rehearse::{
    images::skopeo,
    registry::Server,
    stage::{INVENTORY, Stage},
};

/// The one that is taken away, and locked.
const SECRET: &str = "mysql_transformer";

pub(super) fn all(stage: &mut Stage) -> Result<String> {
    missing_secret(stage)?;
    locked_secret(stage)?;
    no_password_for_the_timer(stage)?;
    second_token(stage)?;
    half_a_network(stage)?;
    full_disk(stage)?;
    missing_ids(stage)?;
    wrong_signature(stage)?;
    silent_registry(stage)?;
    Ok("signature, secrets, vault's password, second token, network, registry, disk, subordinate ids: each refused, nothing changed".to_owned())
}

/// Plays a deploy that has to be refused with these words, and sees that containers and status stay as they are.
fn refused(stage: &mut Stage, words: &[&str], extra: &[&str]) -> Result<()> {
    refused_by(stage, "deploy.yml", words, extra)
}

fn secret(stage: &Stage) -> PathBuf {
    stage.repository.clone.join(format!("ansible/secrets/{INVENTORY}/{SECRET}"))
}

fn missing_secret(stage: &mut Stage) -> Result<()> {
    let secret = secret(stage);
    let held = fs::read(&secret)?;
    fs::remove_file(&secret)?;
    refused(stage, &["secrets are missing", SECRET, "cargo xtask rotate passwords"], &[])?;
    Ok(fs::write(secret, held)?)
}

/// Encrypted by somebody who has another password.
fn locked_secret(stage: &mut Stage) -> Result<()> {
    let secret = secret(stage);
    let held = fs::read(&secret)?;
    fs::write(stage.work.join("other-password"), "of somebody else\n")?;
    stage.write_secret(SECRET, "of somebody else", "other-password")?;
    let words =
        [&format!("cannot be decrypted with the vault password given: {SECRET}"), "cargo xtask rotate"];
    refused(stage, &words, &[])?;
    Ok(fs::write(secret, held)?)
}

/// Asked for by the playbook that sets the timer up.
fn no_password_for_the_timer(stage: &mut Stage) -> Result<()> {
    let elsewhere = ["--extra-vars", "gitops_timer_vault_password=/home/garimpo/nowhere"];
    refused_by(
        stage,
        "site.yml",
        &["/home/garimpo/nowhere is missing on the host", "copy the vault's"],
        &elsewhere,
    )
}

fn second_token(stage: &mut Stage) -> Result<()> {
    let folder = stage.repository.clone.join("ansible/secrets/another");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("x_token"), "of the rehearsal's other collector")?;
    refused(
        stage,
        &[&format!("another and {INVENTORY} in"), "each hold an x_token", "Remove the file"],
        &[],
    )?;
    Ok(fs::remove_dir_all(folder)?)
}

/// Without the accounts that are bound to it.
fn half_a_network(stage: &mut Stage) -> Result<()> {
    let environment = r#"{"stack_environment": {"GARIMPO_SUBNET": "10.215.77.0/24"}}"#;
    refused(stage, &["GARIMPO_SUBNET without GARIMPO_ACCOUNT_HOSTS"], &["--extra-vars", environment])
}

/// The host's own disk is filled up to 5 GB, which a deploy has enough of, then to 2 GB. Without one, more is asked for than there
/// is: to fill this machine's would end other work on it.
fn full_disk(stage: &mut Stage) -> Result<()> {
    let words = ["GB are free", "docker system prune"];
    if stage.host(HOST)?.disk.is_none() {
        println!("left out: a disk that is really full (no loop device can be mounted on this machine)");
        return refused(stage, &words, &["--extra-vars", "preflight_disk_gb=100000"]);
    }
    let fill = |left: u32| {
        format!(
            "fallocate --length $(($(df --output=avail --block-size=1 ~ | tail -n 1) - ({left} << 30))) ~/filler-{left}"
        )
    };
    stage.host(HOST)?.ssh(&fill(5))?;
    stage.play_well("deploy.yml", &["--check"])?;
    stage.host(HOST)?.ssh(&fill(2))?;
    refused(stage, &words, &[])?;
    stage.host(HOST)?.ssh("rm ~/filler-5 ~/filler-2").map(drop)
}

fn missing_ids(stage: &mut Stage) -> Result<()> {
    stage.host(HOST)?.as_root("cp /etc/subuid /root/subuid && : >/etc/subuid")?;
    refused(stage, &["/etc/subuid gives garimpo 0 ids", "usermod --add-subuids"], &[])?;
    stage.host(HOST)?.as_root("cp /root/subuid /etc/subuid").map(drop)
}

/// The same program, copied by somebody who has no key.
fn wrong_signature(stage: &mut Stage) -> Result<()> {
    let forged = format!("{}/forged/extractor:1", stage.registry_address);
    let layout = format!("oci:{}", stage.work.join("layouts/extractor").display());
    skopeo()
        .args(["copy", "--quiet", "--dest-tls-verify=false", &layout, &format!("docker://{forged}")])
        .run()?;
    let inspect = ["inspect", "--tls-verify=false", "--format", "{{.Digest}}", &format!("docker://{forged}")];
    let digest = skopeo().args(inspect).text()?;
    let held = stage.repository.read("compose/pins.env")?;
    let line = |line: &str| {
        if line.starts_with("EXTRACTOR_IMAGE=") {
            format!("EXTRACTOR_IMAGE={forged}@{digest}\n")
        } else {
            format!("{line}\n")
        }
    };
    stage.repository.write("compose/pins.env", &held.lines().map(line).collect::<String>())?;
    // Not by the branch that hosts follow: the timer is not to try it.
    stage.repository.git(["commit", "--quiet", "--all", "--message", "Forge the extractor"])?;
    stage.repository.git(["push", "--quiet", "--force", "origin", "HEAD:refs/heads/forged"])?;
    let commit = stage.repository.git(["rev-parse", "HEAD"])?;
    refused(
        stage,
        &["does not hold", "nothing was changed"],
        &["--extra-vars", &format!("stack_commit={commit}")],
    )?;
    stage.repository.git(["reset", "--quiet", "--hard", "HEAD^"]).map(drop)
}

fn silent_registry(stage: &mut Stage) -> Result<()> {
    stage.registry = None;
    refused(stage, &["does not answer", "preflight_registry"], &[])?;
    let gateway = stage.registry_address.rsplit_once(':').context("an address without a port")?.0.to_owned();
    let folder = stage.work.join("registry");
    stage.registry =
        Some(Server::registry(&stage.tools.registry, &gateway, Some(&stage.registry_address), &folder)?);
    Ok(())
}
