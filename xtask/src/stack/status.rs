//! `stack status`: how each service is, and what it takes.

use anyhow::{Result, bail};
use clap::Args;
use sandbox::setup::Cache;

use super::engine::Engine;
use super::project::{Layer, Project};
use super::up::{PROJECT, is_well};
use super::{containers, memory};

#[derive(Args)]
pub(crate) struct Options {
    /// The Compose project.
    #[arg(long, default_value = PROJECT)]
    project: String,
}

/// Prints a line a container and the memory; fails where one is not well.
pub(crate) fn run(options: &Options) -> Result<()> {
    let engine = Engine::running(&Cache::of_this_user()?)?;
    let project = Project {
        engine,
        name: options.project.clone(),
        layers: vec![Layer::Stack],
        environment: Vec::new(),
    };
    let containers = containers::of(&project)?;
    if containers.is_empty() {
        bail!("nothing of the project {} is here: `cargo xtask stack up` brings it up", project.name);
    }
    for one in &containers {
        let health = one.health.as_deref().unwrap_or(if one.is_server { "no check" } else { "a step" });
        let published: Vec<&String> = one.published.values().flatten().collect();
        let well = if is_well(one) { "ok   " } else { "WRONG" };
        println!(
            "{well} {:14} {:10} {:10} {}",
            one.service,
            one.state,
            health,
            published.iter().map(|at| at.as_str()).collect::<Vec<_>>().join(" ")
        );
    }
    println!();
    match memory::by_service(&containers) {
        Ok(memory) => print!("{}", memory::table(&memory)),
        // Rootless: the processes belong to another user namespace.
        Err(error) => println!("memory cannot be read from here: {error:#}"),
    }
    let bad: Vec<&str> =
        containers.iter().filter(|one| !is_well(one)).map(|one| one.service.as_str()).collect();
    if bad.is_empty() { Ok(()) } else { bail!("not well: {}", bad.join(", ")) }
}
