//! What would keep the stack from coming up, said before anything is started.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::containers::{self, Container};
use super::engine::docker;
use super::project::{Layer, Project};
use super::run::{output, succeeds};
use super::secrets::{self, GRAFANA, PASSWORDS};
use super::site::{self, Site};

/// Kafka and MySQL keep what is acknowledged: they must never meet a full disk.
const LEAST_FREE_BYTES: u64 = 2_000_000_000;

/// Looks at secrets, ports and the disk; makes the passwords of a first start.
///
/// # Errors
/// The first thing that is in the way, and what to do about it. Nothing was started.
pub(super) fn check(project: &Project, site: &Site) -> Result<()> {
    let servers_exist = succeeds(docker(&["volume", "inspect", &project.volume("mysql-data")]));
    check_secrets(&site.secrets(), servers_exist, &project.layers)?;
    if project.layers.contains(&Layer::Dashboards) {
        check_ca(&site.secrets(), &project.name)?;
    }
    let running = containers::of(project)?;
    for (variable, default, what) in site::ports(&project.layers) {
        let port = site.port(variable, default)?;
        check_port(port, variable, what, &running)?;
    }
    let root = output(docker(&["info", "--format", "{{.DockerRootDir}}"]))?;
    check_disk(&root, free_bytes(Path::new(&root))?)
}

fn check_secrets(folder: &Path, servers_exist: bool, layers: &[Layer]) -> Result<()> {
    let missing: Vec<&str> = PASSWORDS.into_iter().filter(|name| !folder.join(name).exists()).collect();
    if servers_exist && !missing.is_empty() {
        bail!(
            "missing secret: {}. The MySQL server of this stack already holds the passwords that were in these files, so new ones \
             would be refused: bring the files back into {}. Where a password is lost, write a new one into its file and run \
             `docker compose run accounts` (for mysql_root itself see MySQL's manual on resetting it). Nothing was \
             started, and no data is touched",
            missing.join(", "),
            folder.display()
        );
    }
    let token = folder.join("x_token");
    if !layers.contains(&Layer::Simulator) && !token.exists() {
        bail!(
            "missing secret: x_token. Write the X app's bearer token alone into {} (chmod 444; the folder keeps others out), or \
             leave --x out to collect from the simulator. Nothing was started",
            token.display()
        );
    }
    let grafana = layers.contains(&Layer::Dashboards).then_some(GRAFANA);
    let names: Vec<&str> = PASSWORDS.into_iter().chain(grafana).collect();
    secrets::provide(folder, &names)?;
    for name in names {
        let file = folder.join(name);
        let text = fs::read_to_string(&file)
            .with_context(|| format!("the secret {} cannot be read", file.display()))?;
        if text.trim().is_empty() {
            bail!("the secret {} is empty: write one line into it. Nothing was started", file.display());
        }
    }
    Ok(())
}

/// The stack makes it at its first start, so Grafana can only come second.
fn check_ca(folder: &Path, project: &str) -> Result<()> {
    let file = folder.join("mysql_ca.pem");
    if file.is_file() {
        return Ok(());
    }
    bail!(
        "missing: {0}, by which Grafana knows MySQL. Bring the stack up without --dashboards, run `docker cp \
         {project}-mysql-1:/var/run/mysqld/tls/ca.pem {0} && chmod 444 {0}`, then bring it up with --dashboards. Nothing was started",
        file.display()
    )
}

fn check_port(port: u16, variable: &str, what: &str, running: &[Container]) -> Result<()> {
    if port < 1024 {
        bail!(
            "{variable}={port}: a port under 1024 needs root, which rootless Docker has not; take one above it"
        );
    }
    let ours = format!(":{port}");
    let is_ours =
        |container: &Container| container.published.values().flatten().any(|at| at.ends_with(&ours));
    if running.iter().any(is_ours) || TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok() {
        return Ok(());
    }
    bail!(
        "port {port}, where {what} is to be published, is in use by another program (`ss -ltnp 'sport = :{port}'` names it): end \
         that, or set {variable} to a free port. Nothing was started"
    )
}

/// None where it cannot be seen from here, because Docker is rootless or remote: that is left to the alert DiskFilling.
fn free_bytes(root: &Path) -> Result<Option<u64>> {
    let mut df = Command::new("df");
    df.args(["--output=avail", "--block-size=1"]).arg(root);
    Ok(output(df)?.lines().last().and_then(|line| line.trim().parse().ok()))
}

fn check_disk(root: &str, free: Option<u64>) -> Result<()> {
    let Some(free) = free.filter(|free| *free < LEAST_FREE_BYTES) else { return Ok(()) };
    bail!(
        "{} MB are free where Docker keeps its volumes ({root}), and at least {} have to be: remove what is not needed there (`docker \
         system df`, `docker image prune`), or wipe Jaeger's store (otel/jaeger/README.md). Nothing was started, and nothing is lost",
        free / 1_000_000,
        LEAST_FREE_BYTES / 1_000_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIMULATED: [Layer; 2] = [Layer::Stack, Layer::Simulator];

    #[test]
    fn a_first_start_makes_its_passwords_and_a_later_one_asks_for_those_that_are_gone() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = folder.path().join("secrets");
        check_secrets(&secrets, false, &SIMULATED).unwrap();
        check_secrets(&secrets, true, &SIMULATED).unwrap();
        fs::remove_file(secrets.join("mysql_transformer")).unwrap();
        let refused = check_secrets(&secrets, true, &SIMULATED).unwrap_err().to_string();
        assert!(
            refused.starts_with("missing secret: mysql_transformer.")
                && refused.contains("bring the files back"),
            "{refused}"
        );
        assert!(!secrets.join("mysql_transformer").exists(), "a password the server does not know was made");
    }

    #[test]
    fn without_the_simulator_a_token_of_x_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let refused = check_secrets(folder.path(), false, &[Layer::Stack]).unwrap_err().to_string();
        assert!(refused.contains("x_token") && refused.contains("--x"), "{refused}");
    }

    #[test]
    fn dashboards_get_a_password_also_beside_servers_that_exist_and_ask_for_the_ca() {
        let folder = tempfile::tempdir().unwrap();
        check_secrets(folder.path(), false, &SIMULATED).unwrap();
        assert!(!folder.path().join(GRAFANA).exists());
        check_secrets(folder.path(), true, &[&SIMULATED[..], &[Layer::Dashboards]].concat()).unwrap();
        assert!(folder.path().join(GRAFANA).exists());
        let refused = check_ca(folder.path(), "garimpo").unwrap_err().to_string();
        assert!(
            refused.contains("mysql_ca.pem") && refused.contains("docker cp garimpo-mysql-1:"),
            "{refused}"
        );
        fs::write(folder.path().join("mysql_ca.pem"), "a certificate").unwrap();
        check_ca(folder.path(), "garimpo").unwrap();
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_named_with_what_is_free_and_what_has_to_be() {
        check_disk("/var/lib/docker", Some(LEAST_FREE_BYTES)).unwrap();
        check_disk("/not/to/be/seen/from/here", None).unwrap();
        let refused = check_disk("/var/lib/docker", Some(LEAST_FREE_BYTES - 1)).unwrap_err().to_string();
        for words in ["1999 MB are free", "(/var/lib/docker)", "at least 2000", "docker system df"] {
            assert!(refused.contains(words), "{words} in {refused}");
        }
    }

    #[test]
    fn a_port_in_use_is_named_with_the_variable_that_moves_it() {
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let refused = check_port(port, "GARIMPO_MYSQL_PORT", "MySQL", &[]).unwrap_err().to_string();
        assert!(
            refused.contains(&format!("port {port}")) && refused.contains("GARIMPO_MYSQL_PORT"),
            "{refused}"
        );
        let refused = check_port(443, "GARIMPO_MYSQL_PORT", "MySQL", &[]).unwrap_err().to_string();
        assert!(refused.contains("under 1024"), "{refused}");
    }
}
