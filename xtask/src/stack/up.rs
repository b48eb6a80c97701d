//! `stack up`: what is missing is made, what is in the way is said, then the Compose files come up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use sandbox::setup::{Cache, Progress};

use super::containers::{self, Container};
use super::diagnose;
use super::engine::Engine;
use super::images::{self, Choice, Images};
use super::pins::{self, Pins};
use super::preflight;
use super::project::{Layer, Project};
use super::run::watched;
use super::site::Site;
use crate::cargo;

/// The project's name where nobody gives another.
pub(super) const PROJECT: &str = "garimpo";
/// From the first container to the last health check: half a minute alone, more beside a build.
const READY: Duration = Duration::from_secs(300);
const BETWEEN: Duration = Duration::from_millis(500);
/// Dollars a day for trying it out: the simulator's 2 posts a second come to 4,400 at most.
const PLAY_MONEY: &str = "100000";

#[derive(Args)]
pub(crate) struct Options {
    /// Collect from X itself, with the token in the secret x_token, and not from the simulator.
    #[arg(long)]
    x: bool,
    /// Three brokers and two transformers.
    #[arg(long)]
    cluster: bool,
    /// Grafana and Kafka's UI too, which can only be pulled.
    #[arg(long)]
    dashboards: bool,
    /// Where images come from.
    #[arg(long, value_enum, default_value_t)]
    images: Choice,
    /// The site's environment file; compose/site.env if that is there, else one is made for trying it out.
    #[arg(long)]
    site: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct ImageOptions {
    /// Names of the pin file, such as KAFKA_IMAGE; all of the stack but the dashboards' if none is given.
    names: Vec<String>,
    /// Where images come from.
    #[arg(long, value_enum, default_value_t)]
    images: Choice,
}

/// Pulls or makes them, and says what they are.
pub(crate) fn images(options: &ImageOptions) -> Result<()> {
    let made = provided(options)?;
    for (variable, told) in &made.told {
        println!("{variable:18} {told}");
    }
    Ok(())
}

/// Every image of the stack but the dashboards', pulled or made, by its line in the pin file.
pub(crate) fn every_image() -> Result<BTreeMap<String, String>> {
    Ok(provided(&ImageOptions { names: Vec::new(), images: Choice::Auto })?.names)
}

fn provided(options: &ImageOptions) -> Result<Images> {
    let all = variables(&[Layer::Stack, Layer::Simulator, Layer::Observability]);
    let given: Vec<&str> = options.names.iter().map(String::as_str).collect();
    let cache = Cache::of_this_user()?;
    let progress = Progress::to_stderr();
    let lock = cache.lock(&progress)?;
    Engine::provide(&cache, &lock, &progress)?;
    let wanted = if given.is_empty() { &all } else { &given };
    images::provide((&cache, &lock), &Pins::read(&pins::file())?, wanted, options.images, &progress)
}

/// Brings it up and says where to look.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut layers = vec![Layer::Stack, Layer::Observability];
    let optional = [
        (!options.x, Layer::Simulator),
        (options.cluster, Layer::Cluster),
        (options.dashboards, Layer::Dashboards),
    ];
    layers.extend(optional.into_iter().filter(|(wanted, _)| *wanted).map(|(_, layer)| layer));
    let site = site(options)?;
    let (project, images) = prepare(PROJECT, layers, options.images, &site)?;
    let containers = bring_up(&project, &site)?;
    for (variable, told) in &images.told {
        println!("{variable:18} {told}");
    }
    println!(
        "{} containers, all that have a health check are healthy",
        containers.iter().filter(|one| one.is_server).count()
    );
    let (jaeger, prometheus) =
        (site.port("GARIMPO_JAEGER_PORT", 16686)?, site.port("GARIMPO_PROMETHEUS_PORT", 9090)?);
    println!("traces  http://127.0.0.1:{jaeger}\nmetrics http://127.0.0.1:{prometheus}");
    println!(
        "MySQL   127.0.0.1:{}, by TLS, as data_studio or researcher",
        site.port("GARIMPO_MYSQL_PORT", 3306)?
    );
    Ok(())
}

fn site(options: &Options) -> Result<Site> {
    let own = cargo::root().join("compose/site.env");
    match &options.site {
        Some(file) => Site::read(file),
        None if own.exists() => Site::read(&own),
        None if options.x => bail!(
            "collecting from X spends money: copy compose/example.env to compose/site.env and set what may be spent"
        ),
        None => {
            let folder = cargo::root().join("target/stack");
            let secrets = folder.join("secrets").display().to_string();
            Site::write(
                &folder.join("site.env"),
                &[("GARIMPO_SECRETS", secrets), ("GARIMPO_DAILY_USD", PLAY_MONEY.to_owned())],
            )
        }
    }
}

/// Engine and images for these layers.
pub(super) fn prepare(
    name: &str,
    layers: Vec<Layer>,
    choice: Choice,
    site: &Site,
) -> Result<(Project, Images)> {
    let cache = Cache::of_this_user()?;
    let progress = Progress::to_stderr();
    let lock = cache.lock(&progress)?;
    let engine = Engine::provide(&cache, &lock, &progress)?;
    let pins = Pins::read(&pins::file())?;
    let images = images::provide((&cache, &lock), &pins, &variables(&layers), choice, &progress)?;
    let environment = vec![pins::file(), site.file.clone(), images.file.clone()];
    Ok((Project { engine, name: name.to_owned(), layers, environment }, images))
}

/// The images that layers need.
fn variables(layers: &[Layer]) -> Vec<&'static str> {
    let of = |layer: &Layer| match layer {
        Layer::Stack => &["MYSQL_IMAGE", "KAFKA_IMAGE", "EXTRACTOR_IMAGE", "TRANSFORMER_IMAGE"][..],
        Layer::Simulator => &["SIMULATOR_IMAGE"],
        Layer::Observability => &["COLLECTOR_IMAGE", "JAEGER_IMAGE", "PROMETHEUS_IMAGE"],
        Layer::Cluster => &[],
        Layer::Dashboards => &["GRAFANA_IMAGE", "KAFKA_UI_IMAGE"],
    };
    layers.iter().flat_map(of).copied().collect()
}

/// Runs `up` and waits for every health check.
pub(super) fn bring_up(project: &Project, site: &Site) -> Result<Vec<Container>> {
    preflight::check(project, site)?;
    let progress = Progress::to_stderr();
    let step = progress.step("compose");
    step.say("bringing the stack up");
    let up = project.compose(&["up", "--detach", "--remove-orphans", "--pull", "never"]);
    watched(up, |line| step.say(line.trim())).map_err(|failed| diagnose::error(project, &failed.said))?;
    let began = Instant::now();
    loop {
        let containers = containers::of(project)?;
        let waiting: Vec<&str> =
            containers.iter().filter(|one| !is_well(one)).map(|one| one.service.as_str()).collect();
        if waiting.is_empty() && !containers.is_empty() {
            step.done("every service is healthy");
            return Ok(containers);
        }
        let lost = containers.iter().any(|one| one.state == "exited" && one.exit_code != 0);
        if lost || began.elapsed() > READY {
            return Err(diagnose::error(project, &format!("not healthy: {}", waiting.join(", "))));
        }
        step.tell(&format!("waiting for {}", waiting.join(", ")));
        std::thread::sleep(BETWEEN);
    }
}

/// A server that is healthy (or has nothing to ask with and runs), or a step that ended well.
pub(super) fn is_well(container: &Container) -> bool {
    match (&container.health, container.is_server) {
        (Some(health), _) => health == "healthy",
        (None, true) => container.state == "running",
        (None, false) => container.state == "exited" && container.exit_code == 0,
    }
}

/// Whether a file is below a folder of throw-away results.
pub(super) fn results(name: &str) -> PathBuf {
    let folder: &Path = &cargo::root();
    folder.join("target").join(name)
}
