//! What runs of a project, as Docker tells.

use std::collections::BTreeMap;
use std::net::IpAddr;

use anyhow::{Context, Result};
use serde_json::Value;

use super::engine::docker;
use super::project::Project;
use super::run::output;

/// One container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Container {
    pub(super) id: String,
    /// The Compose service it belongs to.
    pub(super) service: String,
    /// `running`, `exited`, …
    pub(super) state: String,
    pub(super) exit_code: i64,
    /// How often Docker has started it again by itself.
    pub(super) restarts: u64,
    /// `healthy`, `starting`, `unhealthy`; none where it has no check.
    pub(super) health: Option<String>,
    pub(super) started_at: String,
    /// Its first process, seen from here; 0 where it does not run.
    pub(super) pid: i64,
    /// Addresses by network, without the project's name.
    pub(super) addresses: BTreeMap<String, IpAddr>,
    /// The memory limit Docker was told, bytes.
    pub(super) memory_limit: u64,
    /// CPU limit, billionths of a core.
    pub(super) nano_cpus: u64,
    pub(super) pids_limit: u64,
    /// Each container port that is published, with the host's addresses.
    pub(super) published: BTreeMap<String, Vec<String>>,
    /// Whether it is to run for ever.
    pub(super) is_server: bool,
}

impl Container {
    /// Its address on one of the project's networks.
    pub(super) fn address(&self, network: &str) -> Result<IpAddr> {
        self.addresses.get(network).copied().with_context(|| format!("{} is not on {network}", self.service))
    }
}

/// All containers of the project, by service.
pub(super) fn of(project: &Project) -> Result<Vec<Container>> {
    let label = format!("label=com.docker.compose.project={}", project.name);
    let ids = output(docker(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &label]))?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut inspect = docker(&["inspect"]);
    inspect.args(ids.lines());
    let all: Vec<Value> = serde_json::from_str(&output(inspect)?).context("what docker inspect says")?;
    let mut containers: Vec<Container> = all.iter().map(|value| read(value, &project.name)).collect();
    containers.sort_by(|a, b| (&a.service, &a.id).cmp(&(&b.service, &b.id)));
    Ok(containers)
}

/// Those of one service.
pub(super) fn service<'a>(containers: &'a [Container], name: &str) -> Result<&'a Container> {
    containers.iter().find(|one| one.service == name).with_context(|| format!("{name} has no container"))
}

fn read(value: &Value, project: &str) -> Container {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let networks = value["NetworkSettings"]["Networks"].as_object();
    let prefix = format!("{project}_");
    let addresses = networks.into_iter().flatten().filter_map(|(name, network)| {
        let address = network["IPAddress"].as_str()?.parse().ok()?;
        Some((name.strip_prefix(&prefix).unwrap_or(name).to_owned(), address))
    });
    let ports = value["NetworkSettings"]["Ports"].as_object();
    let published = ports.into_iter().flatten().filter_map(|(port, bindings)| {
        let of = |binding: &Value| format!("{}:{}", text(&binding["HostIp"]), text(&binding["HostPort"]));
        Some((port.clone(), bindings.as_array()?.iter().map(of).collect()))
    });
    let (state, host) = (&value["State"], &value["HostConfig"]);
    Container {
        id: text(&value["Id"]),
        service: text(&value["Config"]["Labels"]["com.docker.compose.service"]),
        state: text(&state["Status"]),
        restarts: value["RestartCount"].as_u64().unwrap_or_default(),
        exit_code: state["ExitCode"].as_i64().unwrap_or_default(),
        health: state["Health"]["Status"].as_str().map(str::to_owned),
        started_at: text(&state["StartedAt"]),
        pid: state["Pid"].as_i64().unwrap_or_default(),
        addresses: addresses.collect(),
        memory_limit: host["Memory"].as_u64().unwrap_or_default(),
        nano_cpus: host["NanoCpus"].as_u64().unwrap_or_default(),
        pids_limit: host["PidsLimit"].as_u64().unwrap_or_default(),
        published: published.collect(),
        is_server: host["RestartPolicy"]["Name"] == "unless-stopped",
    }
}
