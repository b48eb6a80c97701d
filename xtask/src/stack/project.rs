//! One Compose project: its layers, its values, and calls of Compose on it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::engine::{Engine, docker};
use super::run::output;
use crate::cargo;

/// A Compose file over the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    Stack,
    Simulator,
    Observability,
    Cluster,
    Dashboards,
}

/// All of them.
pub(super) const LAYERS: [Layer; 5] =
    [Layer::Stack, Layer::Simulator, Layer::Observability, Layer::Cluster, Layer::Dashboards];

impl Layer {
    /// Its file in the folder `compose`.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Stack => "compose.yaml",
            Self::Simulator => "compose.simulator.yaml",
            Self::Observability => "compose.observability.yaml",
            Self::Cluster => "compose.cluster.yaml",
            Self::Dashboards => "compose.dashboards.yaml",
        }
    }
}

/// A project that can be brought up.
#[derive(Debug, Clone)]
pub(super) struct Project {
    pub(super) engine: Engine,
    pub(super) name: String,
    pub(super) layers: Vec<Layer>,
    /// Later ones win.
    pub(super) environment: Vec<PathBuf>,
}

impl Project {
    /// A call of Compose on this project, ready for its subcommand.
    pub(super) fn compose(&self, arguments: &[&str]) -> Command {
        let mut command = self.engine.compose();
        command.args(["--ansi", "never", "--progress", "plain", "--project-name", &self.name]);
        for file in &self.environment {
            command.arg("--env-file").arg(file);
        }
        let folder = cargo::root().join("compose");
        for layer in &self.layers {
            command.arg("--file").arg(folder.join(layer.file()));
        }
        command.args(arguments);
        command
    }

    /// The full name of one of its volumes.
    pub(super) fn volume(&self, name: &str) -> String {
        format!("{}_{name}", self.name)
    }
}

/// Where a volume lies on this machine.
pub(super) fn volume_folder(project: &Project, name: &str) -> Result<PathBuf> {
    let volume = project.volume(name);
    Ok(output(docker(&["volume", "inspect", "--format", "{{.Mountpoint}}", &volume]))?.into())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_layer_is_a_file_and_every_file_a_layer() {
        let mut files: Vec<String> = fs::read_dir(cargo::root().join("compose"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".yaml"))
            .collect();
        let mut layers: Vec<&str> = LAYERS.iter().map(|layer| layer.file()).collect();
        files.sort();
        layers.sort_unstable();
        assert_eq!(files, layers);
    }
}
