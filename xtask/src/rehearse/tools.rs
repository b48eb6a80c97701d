//! What the rehearsal needs beside Docker: a registry, skopeo, cosign, Compose, Ansible, and the image of a host.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use sandbox::setup::{Cache, Lock, Progress, fetch_packages, machine_archive};

use crate::ci::Call;

/// Programs by path.
pub(super) struct Tools {
    pub(super) registry: PathBuf,
    pub(super) cosign: PathBuf,
    pub(super) compose: PathBuf,
    /// The image that hosts are made of.
    pub(super) host: String,
}

/// What a lab host has before its administrator comes: a Debian with SSH.
const PACKAGES: &str = "ca-certificates,curl,dbus,dbus-user-session,docker.io,fuse-overlayfs,git,iproute2,iptables,kmod,\
                        libpam-systemd,openssh-server,procps,python3,rootlesskit,slirp4netns,systemd,\
                        systemd-sysv,uidmap";
/// Its image; the number changes with the packages or the settings below.
const HOST: &str = "garimpo-rehearse/host:4";
/// Containers have no udev: these devices are opened at each start.
const DEVICES: &str = "z /dev/net/tun 0666 root root -\nz /dev/fuse 0666 root root -\n";

impl Tools {
    /// Finds or fetches them; two minutes the first time.
    pub(super) fn provide() -> Result<Self> {
        let (cache, progress) = (Cache::of_this_user()?, Progress::to_stderr());
        let lock = cache.lock(&progress)?;
        on_this_machine()?;
        let bookworm = fetched(&cache, &lock, "bookworm", "docker-registry", &progress)?;
        let cosign = fetched(&cache, &lock, "sid", "cosign", &progress)?;
        let compose = fetched(&cache, &lock, "sid", "docker-compose", &progress)?;
        if !Call::new("docker").args(["image", "inspect", HOST]).succeeds()? {
            let step = progress.step("host image");
            step.say("making a Debian with systemd, sshd and rootless Docker");
            make_host(&cache.path("rehearse-host.tar"))?;
            step.done(HOST);
        }
        Ok(Self {
            registry: bookworm.join("usr/bin/docker-registry"),
            cosign: cosign.join("usr/bin/cosign"),
            compose: compose.join("usr/libexec/docker/cli-plugins/docker-compose"),
            host: HOST.to_owned(),
        })
    }
}

/// Programs of Debian that need no folder of their own; the rehearsal is root's, because hosts are containers with systemd.
fn on_this_machine() -> Result<()> {
    let missing: Vec<&str> =
        [("skopeo", "skopeo"), ("mmdebstrap", "mmdebstrap"), ("ssh", "openssh-client"), ("git", "git")]
            .into_iter()
            .filter(|(program, _)| Call::new(program).arg("--version").succeeds().is_err())
            .map(|(_, package)| package)
            .collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("installing by apt-get, as root: {}", missing.join(" "));
    Call::new("apt-get").args(["update", "-qq"]).run()?;
    Call::new("apt-get").args(["install", "-y", "-qq", "--no-install-recommends"]).args(missing).run()
}

fn fetched(
    cache: &Cache,
    lock: &Lock,
    suite: &'static str,
    package: &'static str,
    progress: &Progress,
) -> Result<PathBuf> {
    Ok(cache.provide(&format!("rehearse-{package}"), progress, |folder, step| {
        let archive = machine_archive(package, "rehearse on Debian", suite)?;
        fetch_packages(cache, lock, &archive, &[package], folder, step)?;
        Ok(format!("{package} of Debian {suite}"))
    })?)
}

fn make_host(tar: &Path) -> Result<()> {
    let devices = format!("printf '{DEVICES}' >\"$1/etc/tmpfiles.d/rehearsal.conf\"");
    let hooks = [
        devices.as_str(),
        "chroot \"$1\" systemctl disable docker.service docker.socket containerd.service",
        // Each host its own.
        ": >\"$1/etc/machine-id\"; rm -f \"$1\"/etc/ssh/ssh_host_*",
        // Before the service's own look at its keys, which would find none.
        "printf '[Service]\\nExecStartPre=\\nExecStartPre=/usr/bin/ssh-keygen -A\\nExecStartPre=/usr/sbin/sshd -t\\n' | install -D /dev/stdin \"$1/etc/systemd/system/ssh.service.d/keys.conf\"",
    ];
    let mut make = Command::new("mmdebstrap");
    make.args(["--quiet", "--variant=apt", &format!("--include={PACKAGES}")]);
    make.args(hooks.map(|hook| format!("--customize-hook={hook}")));
    let status = make.args(["bookworm"]).arg(tar).status().context("mmdebstrap could not be started")?;
    if !status.success() {
        bail!("mmdebstrap ended with {status}");
    }
    let settings = ["--change", "CMD [\"/sbin/init\"]"];
    Call::new("docker").arg("import").args(settings).arg(tar).arg(HOST).text()?;
    fs::remove_file(tar)?;
    Ok(())
}
