//! A lab host: a container with systemd and sshd, prepared once by its administrator, then used by an ordinary user over SSH.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use super::{disk::Disk, stage::until};
use crate::{cargo::root, ci::Call};

/// The ordinary user.
pub(super) const USER: &str = "garimpo";
const BOOT: Duration = Duration::from_secs(60);
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// What systemd and rootless Docker need of the machine, and no more.
const RIGHTS: [&str; 17] = [
    "--cap-add=SYS_ADMIN",
    "--cap-add=NET_ADMIN",
    "--cap-add=SYS_PTRACE",
    "--security-opt=seccomp=unconfined",
    "--security-opt=apparmor=unconfined",
    "--security-opt=systempaths=unconfined",
    "--device=/dev/net/tun",
    "--device=/dev/fuse",
    "--tmpfs=/run",
    "--tmpfs=/tmp:exec",
    "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw",
    "--memory=3g",
    "--cpus=2",
    // How systemd is asked to power off.
    "--stop-signal=SIGRTMIN+3",
    "--stop-timeout=60",
    "--detach",
    "--quiet",
];

/// One host.
#[derive(Clone)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) address: String,
    key: PathBuf,
    /// Its own; none where this machine mounts no loop devices.
    pub(super) disk: Option<Disk>,
}

impl Host {
    /// Starts it and has its administrator come by.
    pub(super) fn start(
        name: &str,
        image: &str,
        network: &str,
        tools: &[(&Path, &str)],
        key: &Path,
    ) -> Result<Self> {
        let container = container(name);
        let disk = Disk::make(name)?;
        let home = disk
            .as_ref()
            .map_or_else(|| format!("{container}-home"), |disk| disk.folder.display().to_string());
        docker(["run", "--name", &container, "--hostname", name, "--network", network])
            .arg(format!("--volume={home}:/home"))
            .args(RIGHTS)
            .arg(image)
            .text()?;
        let address = docker([
            "inspect",
            "--format",
            "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
            &container,
        ])
        .text()?;
        let host = Self { name: name.to_owned(), address, key: key.to_owned(), disk };
        host.booted()?;
        // What this machine trusts, its hosts trust.
        docker(["cp", CERTIFICATES, &format!("{container}:{CERTIFICATES}")]).text()?;
        for (from, to) in tools {
            docker(["cp", &from.display().to_string(), &format!("{container}:{to}")]).text()?;
        }
        host.administrator_comes()?;
        host.lets_in()?;
        Ok(host)
    }

    /// The documented preparation, with what the letter has attached.
    fn administrator_comes(&self) -> Result<()> {
        let script = root().join("ansible/roles/preflight/files/prepare-host.sh");
        let key = self.key.with_extension("pub");
        for (attached, name) in [(script, "prepare-host.sh"), (key, "garimpo.pub")] {
            let there = format!("{}:/root/{name}", container(&self.name));
            docker(["cp", &attached.display().to_string(), &there]).text()?;
        }
        self.as_root(&format!(
            "sh /root/prepare-host.sh {USER} /root/garimpo.pub >/root/prepared.log 2>&1 || {{ tail -n 20 /root/prepared.log; false; }}"
        ))
        .context("the administrator's script failed")
        .map(drop)
    }

    /// Waits until systemd has started everything.
    pub(super) fn booted(&self) -> Result<()> {
        let ask = ["exec", &container(&self.name), "systemctl", "is-system-running"];
        until(&format!("{} has booted", self.name), BOOT, || docker(ask).succeeds())
    }

    /// Waits until the ordinary user can log in.
    fn lets_in(&self) -> Result<()> {
        until(&format!("{} lets {USER} in by SSH", self.name), BOOT, || {
            Call::of(self.ssh_command()).args([&self.login(), "true"]).succeeds()
        })
    }

    /// A command of the machine's administrator, which no deploy uses.
    pub(super) fn as_root(&self, command: &str) -> Result<String> {
        docker(["exec", &container(&self.name), "sh", "-c", command]).text()
    }

    /// A command of the ordinary user, over SSH.
    pub(super) fn ssh(&self, command: &str) -> Result<String> {
        Call::of(self.ssh_command())
            .arg(self.login())
            .arg(format!("export XDG_RUNTIME_DIR=/run/user/$(id -u) DOCKER_HOST=unix:///run/user/$(id -u)/docker.sock; {command}"))
            .text()
    }

    /// SSH with the key, ready for its further options and the login.
    pub(super) fn ssh_command(&self) -> Command {
        let mut ssh = Command::new("ssh");
        let new = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
        ssh.args(new.iter().flat_map(|option| ["-o", option])).arg("-i").arg(&self.key);
        ssh
    }

    pub(super) fn login(&self) -> String {
        format!("{USER}@{}", self.address)
    }

    pub(super) fn power_off(&self) -> Result<()> {
        docker(["stop", &container(&self.name)]).text().map(drop)
    }

    pub(super) fn power_on(&self) -> Result<()> {
        docker(["start", &container(&self.name)]).text()?;
        self.booted()?;
        self.lets_in()
    }

    pub(super) fn remove(&self) -> Result<()> {
        let container = container(&self.name);
        docker(["rm", "--force", "--volumes", &container]).text()?;
        match &self.disk {
            Some(disk) => disk.remove(),
            None => docker(["volume", "rm", "--force", &format!("{container}-home")]).text().map(drop)?,
        }
        Ok(())
    }
}

fn container(name: &str) -> String {
    format!("garimpo-rehearse-{name}")
}

/// A call of Docker's client.
pub(super) fn docker<const N: usize>(arguments: [&str; N]) -> Call {
    Call::new("docker").args(arguments)
}
