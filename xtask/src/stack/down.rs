//! `stack down`: ends the containers; data stays unless it is asked to go.

use anyhow::Result;
use clap::Args;
use sandbox::setup::Cache;

use super::engine::Engine;
use super::pins;
use super::project::{LAYERS, Project};
use super::run::watched;
use super::up::PROJECT;
use crate::cargo;

#[derive(Args)]
pub(crate) struct Options {
    /// Remove the volumes too: every post, offset, trace and metric of this stack.
    #[arg(long)]
    volumes: bool,
}

/// Takes the stack down, and Docker's engine if it was started for it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let cache = Cache::of_this_user()?;
    let engine = Engine::running(&cache)?;
    // No value matters to what is taken down, but Compose wants them all.
    let values = cargo::root().join("compose/example.env");
    let project = Project {
        engine,
        name: PROJECT.to_owned(),
        layers: LAYERS.to_vec(),
        environment: vec![pins::file(), values],
    };
    take_down(&project, options.volumes)?;
    project.engine.end_if_idle()
}

/// Ends and removes a project's containers and networks.
pub(super) fn take_down(project: &Project, volumes: bool) -> Result<()> {
    let mut down = project.compose(&["down", "--remove-orphans"]);
    if volumes {
        down.arg("--volumes");
    }
    Ok(watched(down, |line| eprintln!("compose: {}", line.trim()))?)
}
