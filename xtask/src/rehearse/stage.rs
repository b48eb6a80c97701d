//! The stage: a network, a registry, a repository with its keys, and the hosts of the scenes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{
    ansible::{Played, play},
    host::{Host, docker},
    images,
    registry::Server,
    repository::Repository,
    tools::Tools,
};
use crate::{cargo::root, ci::Call};

const NETWORK: &str = "garimpo-rehearse";
/// The rehearsal's inventory inside its repository.
pub(super) const INVENTORY: &str = "rehearsal";
/// Where programs that a package would bring lie on a host.
const ON_HOSTS: [&str; 2] = ["/opt/cosign", "/opt/docker-compose"];
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
    git: Server,
    others: BTreeMap<String, String>,
    plays: u32,
}

impl Stage {
    /// Prepares everything up to a repository whose `hosts` branch names signed images.
    pub(super) fn set_up() -> Result<Self> {
        let tools = Tools::provide()?;
        let work = root().join("target/rehearse");
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&work)?;
        sweep()?;
        docker(["network", "create", NETWORK]).text()?;
        let gateway =
            docker(["network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", NETWORK])
                .text()?;
        let repository = Repository::make(&work)?;
        let registry = Server::registry(&tools.registry, &gateway, None, &work.join("registry"))?;
        let git = Server::git(&gateway, &work.join("git"))?;
        Call::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(work.join("key")).run()?;
        fs::write(work.join("vault-password"), "of the rehearsal\n")?;
        Call::new("sh")
            .env("COSIGN_PASSWORD", "")
            .args(["-c", "cd \"$1\" && \"$2\" generate-key-pair 2>/dev/null", "-"])
            .arg(&work)
            .arg(&tools.cosign)
            .run()?;
        let others = images::push_others(&registry.address)?;
        images::write_layouts(&work.join("layouts"))?;
        let registry_address = registry.address.clone();
        Ok(Self {
            tools,
            repository,
            registry_address,
            registry: Some(registry),
            hosts: BTreeMap::new(),
            work,
            git,
            others,
            plays: 0,
        })
    }

    /// Adds a host that its administrator has prepared.
    pub(super) fn add_host(&mut self, name: &str) -> Result<Host> {
        let programs =
            [(self.tools.cosign.as_path(), ON_HOSTS[0]), (self.tools.compose.as_path(), ON_HOSTS[1])];
        let host = Host::start(name, &self.tools.host, NETWORK, &programs, &self.work.join("key"))?;
        // The one thing a person does on a host by hand.
        let password = fs::read_to_string(self.work.join("vault-password"))?;
        host.ssh(&format!(
            "mkdir -p -m 700 ~/.config/garimpo && umask 077 && echo '{}' >~/.config/garimpo/vault-password",
            password.trim()
        ))?;
        self.hosts.insert(name.to_owned(), host.clone());
        Ok(host)
    }

    pub(super) fn host(&self, name: &str) -> Result<&Host> {
        self.hosts.get(name).with_context(|| format!("no host {name}"))
    }

    /// Values of the rehearsal's inventory, with `more` of the scene.
    pub(super) fn write_inventory(&self, hosts: &str, more: &str) -> Result<()> {
        let sum = |path: &Path| Call::new("sha256sum").arg(path).text().map(|text| text[..64].to_owned());
        let ansible = "ansible/inventories/rehearsal";
        self.repository.write(&format!("{ansible}/hosts.yml"), hosts)?;
        self.repository.write(
            &format!("{ansible}/group_vars/all/garimpo.yml"),
            &format!(
                "garimpo_source: simulator\ngarimpo_collector: false\ngarimpo_repository: git://{}/garimpo.git\n\
                 garimpo_daily_usd: 1000\ngarimpo_mysql_names: [mysql, localhost]\ngarimpo_mysql_address: 127.0.0.1\n\
                 mysql_tls_port: 13306\npreflight_require_limits: false\npreflight_registry: http://{registry}\n\
                 docker_rootless_insecure_registries: [\"{registry}\"]\n\
                 docker_rootless_compose: {{url: \"file://{}\", checksum: \"sha256:{}\"}}\n\
                 stack_cosign_program: {{url: \"file://{}\", checksum: \"sha256:{}\"}}\n\
                 stack_cosign_options: [--allow-http-registry, --allow-insecure-registry]\n\
                 stack_environment: {{GARIMPO_POLL_INTERVAL: 2s, GARIMPO_SETTLE: 0s}}\n\
                 gitops_timer_interval: 10s\nstack_wait: 90\n{more}",
                self.git.address,
                ON_HOSTS[1],
                sum(&self.tools.compose)?,
                ON_HOSTS[0],
                sum(&self.tools.cosign)?,
                registry = self.registry_address,
            ),
        )?;
        fs::create_dir_all(self.repository.clone.join("ansible/keys"))?;
        fs::copy(self.work.join("cosign.pub"), self.repository.clone.join("ansible/keys/cosign.pub"))?;
        Ok(())
    }

    /// Encrypts MySQL's passwords into the repository.
    pub(super) fn write_secrets(&self) -> Result<()> {
        for name in
            ["mysql_root", "mysql_migrator", "mysql_transformer", "mysql_data_studio", "mysql_researcher"]
        {
            let path = format!("ansible/secrets/{INVENTORY}/{name}");
            self.repository.write(&path, &format!("of-{name}"))?;
            Call::new("ansible-vault")
                .args(["encrypt", "--vault-password-file"])
                .arg(self.work.join("vault-password"))
                .arg(self.repository.clone.join(path))
                .run()?;
        }
        Ok(())
    }

    /// Images of others as they are in the rehearsal's registry.
    pub(super) fn write_pins(&self) -> Result<()> {
        let mut text = self.repository.read("compose/pins.env")?;
        for (name, reference) in &self.others {
            let line = |line: &str| {
                if line.starts_with(&format!("{name}=")) {
                    format!("{name}={reference}\n")
                } else {
                    format!("{line}\n")
                }
            };
            text = text.lines().map(line).collect();
        }
        self.repository.write("compose/pins.env", &text)
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
            self.work.join("vault-password").display().to_string(),
        );
        let mut arguments = vec!["--private-key", &key, "--vault-password-file", &vault, "--ssh-common-args"];
        arguments.push("-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null");
        arguments.extend(extra);
        play(&self.repository.clone, INVENTORY, &log, playbook, &arguments)
    }

    /// Plays what has to succeed.
    pub(super) fn play_well(&mut self, playbook: &str, extra: &[&str]) -> Result<Played> {
        let played = self.play(playbook, extra)?;
        if played.failed > 0 || played.ok == 0 {
            bail!("{playbook} failed:\n{}", last(&played.said, 40));
        }
        Ok(played)
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
