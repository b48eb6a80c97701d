//! A site's own values: ports, subnet, secrets, what to collect and what to spend.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sandbox::ports;

use super::posts::Collection;
use super::project::Layer;

/// Values of an environment file, with compose.yaml's defaults behind them.
#[derive(Debug, Clone, Default)]
pub(super) struct Site {
    pub(super) file: PathBuf,
    values: BTreeMap<String, String>,
}

impl Site {
    /// Reads one that somebody wrote.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file)
            .with_context(|| format!("cannot read the environment file {}", file.display()))?;
        let pairs = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        let pairs = pairs.filter_map(|line| line.split_once('='));
        let values =
            pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches('"').to_owned()));
        Ok(Self { file: file.to_owned(), values: values.collect() })
    }

    /// Writes one with these values.
    pub(super) fn write(file: &Path, values: &[(&str, String)]) -> Result<Self> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let mut text = "# Written by `cargo xtask stack`.\n".to_owned();
        for (name, value) in values {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name}={value}");
        }
        fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
        Self::read(file)
    }

    /// The folder of secrets.
    pub(super) fn secrets(&self) -> PathBuf {
        let given = self.values.get("GARIMPO_SECRETS").map_or("./secrets", String::as_str);
        // As Compose resolves it: from the folder of compose.yaml.
        crate::cargo::root().join("compose").join(given)
    }

    /// A published port, by the variable that sets it.
    pub(super) fn port(&self, variable: &str, default: u16) -> Result<u16> {
        let Some(text) = self.values.get(variable) else { return Ok(default) };
        text.parse().with_context(|| format!("{variable} in {} is no port: {text:?}", self.file.display()))
    }
}

/// A published port: the variable that says where, its default, and what answers there.
pub(super) type Port = (&'static str, u16, &'static str);

const PORTS: [(Layer, Port); 5] = [
    (Layer::Stack, ("GARIMPO_MYSQL_PORT", 3306, "MySQL")),
    (Layer::Observability, ("GARIMPO_JAEGER_PORT", 16686, "Jaeger")),
    (Layer::Observability, ("GARIMPO_PROMETHEUS_PORT", 9090, "Prometheus")),
    (Layer::Dashboards, ("GARIMPO_GRAFANA_PORT", 3000, "Grafana")),
    (Layer::Dashboards, ("GARIMPO_KAFKA_UI_PORT", 8081, "Kafka's UI")),
];

/// What these layers publish.
pub(super) fn ports(layers: &[Layer]) -> impl Iterator<Item = Port> {
    PORTS.into_iter().filter(|(layer, _)| layers.contains(layer)).map(|(_, port)| port)
}

/// A stack that is made to be looked at, and goes: beside others on the same machine, with posts of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct ThrowAway<'a> {
    /// The third number of its subnet, 10.213.N.0: another than that of a stack that is up.
    pub(super) third: u8,
    pub(super) collection: &'a Collection,
    /// New posts a second.
    pub(super) rate: u64,
}

impl ThrowAway<'_> {
    /// Its values, on free ports, with rules and secrets in `folder`.
    pub(super) fn site(&self, folder: &Path) -> Result<Site> {
        let port = || -> Result<String> { Ok(ports::free()?.port().to_string()) };
        let rules = folder.join("rules.toml");
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::write(&rules, self.collection.rules()?)
            .with_context(|| format!("cannot write {}", rules.display()))?;
        let network = format!("10.213.{}.0", self.third);
        let values = [
            ("GARIMPO_SECRETS", folder.join("secrets").display().to_string()),
            ("GARIMPO_RULES", rules.display().to_string()),
            ("GARIMPO_DAILY_USD", "100000".to_owned()),
            ("GARIMPO_SUBNET", format!("{network}/24")),
            ("GARIMPO_ACCOUNT_HOSTS", format!("{network}/255.255.255.0")),
            ("GARIMPO_MYSQL_PORT", port()?),
            ("GARIMPO_JAEGER_PORT", port()?),
            ("GARIMPO_PROMETHEUS_PORT", port()?),
            ("GARIMPO_SETTLE", "0s".to_owned()),
            ("GARIMPO_POLL_INTERVAL", "1s".to_owned()),
            ("GARIMPO_SIMULATOR_POSTS", self.collection.posts.to_string()),
            ("GARIMPO_SIMULATOR_RATE", self.rate.to_string()),
            ("GARIMPO_SIMULATOR_RATE_LIMIT", "1000000".to_owned()),
        ];
        Site::write(&folder.join("site.env"), &values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::project::LAYERS;

    #[test]
    fn every_port_a_layer_publishes_is_looked_at_and_named_for_sites() {
        let folder = crate::cargo::root().join("compose");
        let example = fs::read_to_string(folder.join("example.env")).unwrap();
        for layer in LAYERS {
            let text = fs::read_to_string(folder.join(layer.file())).unwrap();
            let parts = text.split("${").filter_map(|part| part.split_once(":-"));
            let published: Vec<String> = parts
                .filter(|(name, _)| name.ends_with("_PORT"))
                .map(|(name, rest)| format!("{name}={}", rest.split('}').next().unwrap_or_default()))
                .collect();
            let known: Vec<String> =
                ports(&[layer]).map(|(variable, default, _)| format!("{variable}={default}")).collect();
            assert_eq!(published, known, "{}", layer.file());
            assert!(known.iter().all(|port| example.lines().any(|line| line == port)), "{known:?}");
        }
    }
}
