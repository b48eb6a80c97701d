//! Docker's engine, installed and started where root may do that, and a Compose that is new enough.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sandbox::setup::{Cache, Lock, Progress, SetupError, Step, fetch_packages, machine_archive, on_path};

use super::run::{last, output, succeeds};
use crate::user;

/// The oldest Compose that knows `!override`.
const OLDEST_COMPOSE: (u32, u32) = (2, 24);
/// From its start until the engine answers; it takes 2 s.
const READY: Duration = Duration::from_secs(40);

/// No engine, and it may be the machine's nature: its user, its kernel, what it can fetch. Anything else is a fault.
#[derive(Debug)]
pub(super) struct NotHere(String);

impl std::fmt::Display for NotHere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotHere {}

/// Ways to call Docker and Compose.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    compose: Vec<PathBuf>,
    log: PathBuf,
}

impl Engine {
    /// Finds or starts it.
    ///
    /// # Errors
    /// [`NotHere`] where Docker cannot be had or cannot run: why, and what would have to be done.
    pub(super) fn provide(cache: &Cache, lock: &Lock, progress: &Progress) -> Result<Self> {
        let step = progress.step("docker");
        let log = cache.path("stack-dockerd.log");
        if !answers() {
            start(&log, &step)?;
        }
        let version = output(docker(&["version", "--format", "{{.Server.Version}}"]))?;
        let compose = match own_compose() {
            Some(words) => words,
            None => vec![fetched_compose(cache, lock, progress)?],
        };
        step.done(&format!("Docker {version} answers"));
        Ok(Self { compose, log })
    }

    /// The engine as it is, for commands that only look.
    ///
    /// # Errors
    /// None answers.
    pub(super) fn running(cache: &Cache) -> Result<Self> {
        if !answers() {
            bail!("Docker does not answer: nothing runs; `cargo xtask stack up` starts it");
        }
        let fetched = cache.path(COMPOSE).join(BINARY);
        let compose = own_compose().or_else(|| fetched.exists().then(|| vec![fetched]));
        let compose = compose.context("there is no Compose; `cargo xtask stack up` fetches it")?;
        Ok(Self { compose, log: cache.path("stack-dockerd.log") })
    }

    /// A call of Compose, ready for its arguments.
    pub(super) fn compose(&self) -> Command {
        let mut command = Command::new(&self.compose[0]);
        command.args(&self.compose[1..]);
        command
    }

    /// Ends an engine that was started here, if nothing runs on it any more.
    pub(super) fn end_if_idle(&self) -> Result<()> {
        let pid = self.log.with_extension("pid");
        let Ok(text) = fs::read_to_string(&pid) else { return Ok(()) };
        if !output(docker(&["ps", "--quiet"]))?.is_empty() {
            return Ok(());
        }
        if super::run::succeeds({
            let mut kill = Command::new("kill");
            kill.arg(text.trim());
            kill
        }) {
            eprintln!("docker: ended, as it was started by this command and nothing runs on it");
        }
        fs::remove_file(&pid).with_context(|| format!("cannot remove {}", pid.display()))
    }
}

/// A call of Docker's client.
pub(super) fn docker(arguments: &[&str]) -> Command {
    let mut command = Command::new("docker");
    command.args(arguments);
    command
}

fn answers() -> bool {
    succeeds(docker(&["version", "--format", "{{.Server.Version}}"]))
}

fn start(log: &Path, step: &Step) -> Result<()> {
    if !user::is_root() {
        bail!(NotHere(
            "Docker does not answer, and starting it needs root: run this as root, start Docker yourself, or install rootless \
             Docker (dockerd-rootless-setuptool.sh install) and set DOCKER_HOST"
                .to_owned()
        ));
    }
    if on_path("dockerd").is_none() || on_path("iptables").is_none() {
        if on_path("apt-get").is_none() {
            bail!(NotHere(
                "Docker is not on this machine and is installed on Debian only: install docker and iptables"
                    .to_owned()
            ));
        }
        step.say("installing docker.io and iptables by apt-get, as root");
        for words in [
            &["update", "-qq"][..],
            &["install", "-y", "-qq", "--no-install-recommends", "docker.io", "iptables", "ca-certificates"],
        ] {
            let mut apt = Command::new("apt-get");
            apt.args(words).env("DEBIAN_FRONTEND", "noninteractive");
            output(apt).map_err(|error| NotHere(format!("Docker cannot be installed: {error:#}")))?;
        }
    }
    // Where there is systemd, its package has started it by now.
    if answers() {
        return Ok(());
    }
    step.say("starting dockerd, as root");
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut dockerd = Command::new("sh");
    // It outlives this command, and would hold a lock whose descriptor came along from whoever called.
    dockerd.args(["-c", "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec dockerd"]);
    // In a group of its own: neither does a Ctrl-C reach it.
    dockerd.process_group(0).stdin(std::process::Stdio::null());
    dockerd.stdout(file.try_clone()?).stderr(file);
    let mut child = dockerd.spawn().context("dockerd cannot be started")?;
    fs::write(log.with_extension("pid"), child.id().to_string())?;
    let began = Instant::now();
    while !answers() {
        let ended = child.try_wait()?;
        if ended.is_some() || began.elapsed() > READY {
            let said = fs::read_to_string(log).unwrap_or_default();
            let why = ended.map_or("does not answer".to_owned(), |status| format!("ended with {status}"));
            bail!(NotHere(format!("Docker cannot run here: dockerd {why}:\n{}", last(&said))));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Docker's own plugin, if it is new enough.
fn own_compose() -> Option<Vec<PathBuf>> {
    let version = output(docker(&["compose", "version", "--short"])).ok()?;
    is_new_enough(&version).then(|| vec!["docker".into(), "compose".into()])
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split(['.', '-']).map(str::parse::<u32>);
    matches!((numbers.next(), numbers.next()), (Some(Ok(major)), Some(Ok(minor))) if (major, minor) >= OLDEST_COMPOSE)
}

const COMPOSE: &str = "docker-compose-2";
const BINARY: &str = "usr/libexec/docker/cli-plugins/docker-compose";

fn fetched_compose(cache: &Cache, lock: &Lock, progress: &Progress) -> Result<PathBuf> {
    let folder = cache.provide(COMPOSE, progress, |folder, step| {
        let way_out = "install Docker Compose 2.24 or newer as a plugin of docker";
        let archive = machine_archive("Docker Compose", way_out, "sid")?;
        let packages = fetch_packages(cache, lock, &archive, &["docker-compose"], folder, step)?;
        let own = packages.iter().find(|package| package.file.starts_with("docker-compose_"));
        Ok(format!("{} of Debian sid", own.map_or("docker-compose", |package| &package.file)))
    });
    Ok(folder.map_err(|error| of_machine(error, "there is no Compose"))?.join(BINARY))
}

/// What another network, user or system would mend; a disk, a checksum or a tool of ours would not be among these.
fn of_machine(error: SetupError, what: &str) -> anyhow::Error {
    use SetupError::{Failed, NoPackageSource, OtherSystem};
    match error {
        OtherSystem { .. } | NoPackageSource | Failed { .. } => NotHere(format!("{what}: {error}")).into(),
        fault => fault.into(),
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::{NotHere, SetupError, is_new_enough, of_machine};

    #[test]
    fn another_system_is_told_from_a_fault_of_ours() {
        let failed = SetupError::Failed {
            program: "apt-get".to_owned(),
            status: "exit status: 100".to_owned(),
            purpose: "read the index of Debian sid".to_owned(),
            output: "  E: Could not resolve deb.debian.org".to_owned(),
        };
        let told = Err::<(), _>(of_machine(failed, "there is no Compose")).context("docker").unwrap_err();
        assert!(told.is::<NotHere>() && format!("{told:#}").contains("Could not resolve"), "{told:#}");
        let fault = SetupError::Make { what: "Compose".to_owned(), reason: "a fault".to_owned() };
        assert!(!of_machine(fault, "there is no Compose").is::<NotHere>());
    }

    #[test]
    fn a_compose_without_overrides_is_too_old() {
        for (version, fits) in [
            ("2.24.4", true),
            ("v2.40.3-3", true),
            ("5.0.0", true),
            ("2.23.1", false),
            ("1.29.2", false),
            ("", false),
        ] {
            assert_eq!(is_new_enough(version), fits, "{version}");
        }
    }
}
