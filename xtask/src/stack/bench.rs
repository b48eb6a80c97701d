//! `bench stack`: memory of the whole stack, idle and under load, what tracing every batch costs, and what a second
//! transformer gains.

mod cpu;
mod load;
mod scaling;
mod spread;
mod tracing;

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use super::down::take_down;
use super::images::Choice;
use super::posts::Collection;
use super::project::{Layer, Project};
use super::site::{Site, ThrowAway};
use super::test::Running;
use super::up::{bring_up, prepare, results};
use crate::user;

const PROJECT: &str = "garimpo-bench";

#[derive(Args)]
pub(crate) struct Options {
    /// Minutes under load; 0 leaves the load out.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Posts a second under load.
    #[arg(long, default_value_t = 250)]
    rate: u64,
    /// Seconds each arm of the tracing measurement collects; 0 leaves it out.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Pairs of arms of the tracing measurement; an even number, so that each arm goes first as often.
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u64).range(6..))]
    rounds: u64,
    /// Seconds for which posts are left to wait in Kafka before transformers write them; 0 leaves it out.
    #[arg(long, default_value_t = 150)]
    backlog: u64,
    /// Where images come from.
    #[arg(long, value_enum, default_value_t)]
    images: Choice,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result<()> {
    user::need_root("the stack's benchmark looks into cgroups")?;
    if options.minutes > 0 {
        load::measure(options)?;
    }
    // Said at the end: a machine too noisy for its few per cent can still show what transformers gain.
    let traced = if options.seconds > 0 { tracing::measure(options) } else { Ok(()) };
    if options.backlog > 0 {
        scaling::measure(options)?;
    }
    traced
}

/// What a measurement runs on.
struct Arm {
    layers: Vec<Layer>,
    posts: u64,
    rate: u64,
}

impl Arm {
    /// Brings an empty stack up, looks at it, and takes it down with everything in it, whatever was found.
    fn run<T>(&self, images: Choice, look: impl AsyncFnOnce(&Running) -> Result<T>) -> Result<T> {
        self.run_with(&[], images, look)
    }

    /// The same with further values of the environment file.
    fn run_with<T>(
        &self,
        values: &[(&str, &dyn ToString)],
        images: Choice,
        look: impl AsyncFnOnce(&Running) -> Result<T>,
    ) -> Result<T> {
        let collection = Collection::new(self.posts);
        let folder = results("stack-bench");
        let site = ThrowAway { third: 79, collection: &collection, rate: self.rate }.site(&folder)?;
        let (mut project, _) = prepare(PROJECT, self.layers.clone(), images, &site)?;
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.to_string())).collect();
        project.environment.push(Site::write(&folder.join("arm.env"), &values)?.file);
        take_down(&everything(&project), true)?;
        let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
        let looked = bring_up(&project, &site).and_then(|containers| {
            let _inside = runtime.enter();
            let running = Running::of(&project, &site, &collection, containers)?;
            runtime.block_on(look(&running))
        });
        take_down(&everything(&project), true)?;
        looked
    }
}

/// Volumes of layers that an arm leaves out belong to it all the same.
fn everything(project: &Project) -> Project {
    let layers = vec![Layer::Stack, Layer::Simulator, Layer::Observability];
    Project { layers, ..project.clone() }
}

/// Waits; nothing happens meanwhile that could be waited for.
async fn rest(length: Duration) {
    tokio::time::sleep(length).await;
}
