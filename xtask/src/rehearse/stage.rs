//! The stage: a network, a registry, a repository with its keys, X, and the hosts of the scenes.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::PathBuf,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    ansible::{Played, play},
    disk::Disk,
    host::{Host, docker},
    images::{self, Images},
    registry::Server,
    repository::Repository,
    site,
    tools::Tools,
    x::{Agreed, X},
};
use crate::{ansible::Ansible, cargo::root, ci::Call};

const NETWORK: &str = "garimpo-rehearse";
/// Neither one that Docker gives to networks by itself, on this machine or within a host, nor one of the stack's.
const SUBNET: &str = "10.213.76.0/24";
/// This machine in it.
const GATEWAY: &str = "10.213.76.1";
/// The rehearsal's inventory inside its repository.
pub(super) const INVENTORY: &str = "rehearsal";
/// The file of the vault's password in the run's folder.
pub(super) const VAULT_PASSWORD: &str = "vault-password";
/// Where programs that a package would bring lie on a host.
pub(super) const ON_HOSTS: [&str; 2] = ["/opt/cosign", "/opt/docker-compose"];
/// A timer's interval, an ansible-pull and a start of the stack; three times what it takes alone.
const ARRIVAL: Duration = Duration::from_secs(420);

/// Everything a scene plays with.
pub(super) struct Stage {
    pub(super) tools: Tools,
    pub(super) repository: Repository,
    pub(super) registry: Option<Server>,
    pub(super) hosts: BTreeMap<String, Host>,
    pub(super) work: PathBuf,
    pub(super) registry_address: String,
    pub(super) ansible: Ansible,
    pub(super) images: Images,
    pub(super) x: X,
    pub(super) git: Server,
    pub(super) others: BTreeMap<String, String>,
    plays: u32,
    /// Ansible's open connections: other hosts come at the same addresses.
    connections: TempDir,
}

impl Stage {
    /// Prepares everything up to a repository whose `hosts` branch names signed images.
    pub(super) fn set_up() -> Result<Self> {
        let images = Images::provide()?;
        let (tools, ansible) = (Tools::provide()?, Ansible::provide()?);
        let work = root().join("target/rehearse");
        sweep()?;
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&work)?;
        docker(["network", "create", "--subnet", SUBNET, "--gateway", GATEWAY, NETWORK]).text()?;
        let repository = Repository::make(&work)?;
        let registry = Server::registry(&tools.registry, GATEWAY, None, &work.join("registry"))?;
        let git = Server::git(GATEWAY, &work.join("git"))?;
        Call::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(work.join("key")).run()?;
        fs::write(work.join(VAULT_PASSWORD), "of the rehearsal\n")?;
        Call::new("sh")
            .env("COSIGN_PASSWORD", "")
            .args(["-c", "cd \"$1\" && \"$2\" generate-key-pair 2>/dev/null", "-"])
            .arg(&work)
            .arg(&tools.cosign)
            .run()?;
        let others = images::push_others(&images, &registry.address)?;
        images::write_layouts(&images, &work.join("layouts"))?;
        let x = X::start(images.of("SIMULATOR_IMAGE")?, NETWORK)?;
        let registry_address = registry.address.clone();
        Ok(Self {
            tools,
            ansible,
            images,
            x,
            repository,
            registry_address,
            registry: Some(registry),
            hosts: BTreeMap::new(),
            work,
            git,
            others,
            plays: 0,
            connections: tempfile::tempdir()?,
        })
    }

    /// Adds a host that its administrator has prepared.
    pub(super) fn add_host(&mut self, name: &str) -> Result<Host> {
        let programs =
            [(self.tools.cosign.as_path(), ON_HOSTS[0]), (self.tools.compose.as_path(), ON_HOSTS[1])];
        let host = Host::start(name, &self.tools.host, NETWORK, &programs, &self.work.join("key"))?;
        // The one thing a person does on a host by hand.
        let password = fs::read_to_string(self.work.join(VAULT_PASSWORD))?;
        host.ssh(&format!(
            "mkdir -p -m 700 ~/.config/garimpo && umask 077 && echo '{}' >~/.config/garimpo/vault-password",
            password.trim()
        ))?;
        self.hosts.insert(name.to_owned(), host.clone());
        Ok(host)
    }

    /// Removes every host of the scenes before.
    pub(super) fn remove_hosts(&mut self) -> Result<()> {
        for host in std::mem::take(&mut self.hosts).into_values() {
            host.remove()?;
        }
        self.connections = tempfile::tempdir()?;
        Ok(())
    }

    pub(super) fn host(&self, name: &str) -> Result<&Host> {
        self.hosts.get(name).with_context(|| format!("no host {name}"))
    }

    /// The workflow's way from a commit on main to the branch that hosts follow; gives the commit they will run.
    pub(super) fn release(&self, layouts: &str) -> Result<String> {
        let path = std::env::var("PATH").unwrap_or_default();
        let bin = self.tools.cosign.parent().context("cosign lies nowhere")?;
        let mut environment = vec![
            ("CI_REGISTRY", format!("{}/garimpo", self.registry_address)),
            ("CI_REGISTRY_INSECURE", "true".to_owned()),
            ("CI_ARCHITECTURES", "amd64".to_owned()),
            ("CI_LAYOUTS", self.work.join(layouts).display().to_string()),
            ("COSIGN_MODE", "key".to_owned()),
            ("COSIGN_KEY", self.work.join("cosign.key").display().to_string()),
            ("COSIGN_PASSWORD", String::new()),
            ("PATH", format!("{}:{path}", bin.display())),
        ];
        let planned = self.repository.step(&["plan"], &environment)?;
        if planned.ends_with("true") {
            self.repository.step(&["stage"], &environment)?;
            let said = self.repository.step(&["publish"], &environment)?;
            let pins: Vec<&str> = said.lines().filter(|line| line.contains("_IMAGE=")).collect();
            environment.push(("CI_PINS", pins.join("\n")));
        }
        self.repository.step(&["pin"], &environment)?;
        self.repository.git(["rev-parse", "HEAD"])
    }

    /// Plays a playbook on all hosts of the inventory.
    pub(super) fn play(&mut self, playbook: &str, extra: &[&str]) -> Result<Played> {
        self.plays += 1;
        let log = self.work.join(format!("{:02}-{playbook}.log", self.plays));
        let (key, vault) = (
            self.work.join("key").display().to_string(),
            self.work.join(VAULT_PASSWORD).display().to_string(),
        );
        let mut arguments = vec!["--private-key", &key, "--vault-password-file", &vault, "--ssh-common-args"];
        arguments.push("-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null");
        arguments.extend(extra);
        let connections = self.connections.path();
        play(&self.ansible, (&self.repository.clone, connections), &log, playbook, &arguments)
    }

    /// Plays what has to succeed.
    pub(super) fn play_well(&mut self, playbook: &str, extra: &[&str]) -> Result<Played> {
        let played = self.play(playbook, extra)?;
        if played.failed > 0 || played.ok == 0 {
            bail!("{playbook} failed:\n{}", last(&played.said, 40));
        }
        Ok(played)
    }

    /// A command of `cargo xtask` as a person calls it in the clone, with the key and the vault's password at hand.
    pub(super) fn own(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut own = self.repository.own();
        own.args(arguments)
            .env("ANSIBLE_PRIVATE_KEY_FILE", self.work.join("key"))
            .env("ANSIBLE_HOST_KEY_CHECKING", "False")
            .env("ANSIBLE_SSH_CONTROL_PATH_DIR", self.connections.path())
            .env("ANSIBLE_VAULT_PASSWORD_FILE", self.work.join(VAULT_PASSWORD))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = own.spawn()?;
        child.stdin.take().context("no way in")?.write_all(input.as_bytes())?;
        let output = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            bail!("cargo xtask {} ended with {}:\n{}", arguments.join(" "), output.status, last(&said, 40));
        }
        Ok(said)
    }

    /// What a host says that it runs.
    pub(super) fn status(&self, host: &str) -> Result<Value> {
        Ok(serde_json::from_str(&self.host(host)?.ssh("cat garimpo/status.json")?)?)
    }

    /// Waits until a host runs a commit that its timer brought.
    pub(super) fn arrives(&self, host: &str, commit: &str) -> Result<Duration> {
        let began = Instant::now();
        until(&format!("{host} runs {commit}"), ARRIVAL, || {
            let status = self.status(host).unwrap_or_default();
            if status["failed_commit"] == commit {
                bail!("{commit} failed on {host}: {}", status["last_error"]);
            }
            Ok(status["commit"] == commit && status["health"] == "healthy")
        })?;
        Ok(began.elapsed())
    }

    /// Waits until everything that exists is stored on a host, and nothing else.
    pub(super) fn agrees(&self, host: &str) -> Result<Agreed> {
        self.x.agrees(self.host(host)?, &site::password("mysql_root"))
    }

    /// Waits until a host has gone back from a commit.
    pub(super) fn goes_back_from(&self, host: &str, commit: &str) -> Result<Value> {
        until(&format!("{host} goes back from {commit}"), ARRIVAL, || {
            Ok(self.status(host).unwrap_or_default()["failed_commit"] == commit)
        })?;
        self.status(host)
    }

    /// Ends everything, or says how to look at it.
    pub(super) fn take_down(self, keep: bool) -> Result<()> {
        if keep {
            for host in self.hosts.values() {
                println!("ssh -i {} {}@{}", self.work.join("key").display(), super::host::USER, host.address);
            }
            println!("registry {}; logs {}", self.registry_address, self.work.display());
            // Servers go with this process: they are asked for again by the next one.
            return Ok(());
        }
        sweep()
    }
}

/// What an earlier run left.
fn sweep() -> Result<()> {
    let left = docker(["ps", "--all", "--quiet", "--filter", "name=garimpo-rehearse-"]).text()?;
    for container in left.lines() {
        docker(["rm", "--force", "--volumes", container]).text()?;
    }
    let volumes = docker(["volume", "ls", "--quiet", "--filter", "name=garimpo-rehearse-"]).text()?;
    for volume in volumes.lines() {
        docker(["volume", "rm", "--force", volume]).text()?;
    }
    Disk::sweep()?;
    if docker(["network", "inspect", NETWORK]).succeeds()? {
        docker(["network", "rm", NETWORK]).text()?;
    }
    Ok(())
}

/// Asks again and again within a limit.
pub(super) fn until(what: &str, limit: Duration, mut ask: impl FnMut() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    while !ask()? {
        if began.elapsed() > limit {
            bail!("not within {} s: {what}", limit.as_secs());
        }
        thread::sleep(Duration::from_millis(300));
    }
    Ok(())
}

/// The last lines of a text.
pub(super) fn last(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}
