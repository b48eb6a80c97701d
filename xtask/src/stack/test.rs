//! `stack test`: a stack of its own comes up, works, is looked at from all sides, is harmed, and goes.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use sandbox::setup::{Cache, Progress};
use sandbox::simulator::Simulator;
use sqlx::MySqlPool;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlSslMode};

use super::containers::{self, Container};
use super::down::take_down;
use super::engine::{Engine, NotHere};
use super::findings::Findings;
use super::images::Choice;
use super::posts::Collection;
use super::project::{Layer, Project, volume_folder};
use super::site::{Site, ThrowAway};
use super::up::{bring_up, prepare, results};
use super::{
    again, cluster, configurations, full_disk, limits, memory, page, posts, reach, refusals, rights, scenes,
    telemetry,
};
use crate::{parts::Parts, user};

const PROJECT: &str = "garimpo-test";
const DATABASE: &str = "garimpo";

#[derive(Args)]
pub(crate) struct Options {
    /// Leave the stack up at the end.
    #[arg(long)]
    keep: bool,
    /// Three brokers and two transformers: only what these change is looked at.
    #[arg(long)]
    cluster: bool,
    /// Take the README's picture of a trace.
    #[arg(long)]
    picture: bool,
    /// Where Docker cannot run, or nobody may start it, say so and end well; a fault of the set-up fails all the same.
    #[arg(long)]
    if_docker_runs: bool,
    /// Posts that exist before it starts.
    #[arg(long, default_value_t = 1500)]
    posts: u64,
    /// Where images come from.
    #[arg(long, value_enum, default_value_t)]
    images: Choice,
}

/// A stack that is up, and ways into it.
pub(super) struct Running {
    pub(super) project: Project,
    pub(super) site: Site,
    pub(super) collection: Collection,
    pub(super) containers: Vec<Container>,
    /// Root's connections, by the socket that lies in a volume.
    pub(super) rows: MySqlPool,
    pub(super) simulator: Simulator,
    /// The folder MySQL shares: socket and certificates.
    pub(super) shared: PathBuf,
}

impl Running {
    /// Finds its ways into containers that are up.
    pub(super) fn of(
        project: &Project,
        site: &Site,
        collection: &Collection,
        containers: Vec<Container>,
    ) -> Result<Self> {
        let shared = volume_folder(project, "mysql-shared")?;
        let password = secret(site, "mysql_root")?;
        let options = MySqlConnectOptions::new()
            .socket(shared.join("mysqld.sock"))
            .username("root")
            .password(&password)
            .database(DATABASE)
            // As the transformer's administrator does: a password by the socket goes through TLS.
            .ssl_mode(MySqlSslMode::Preferred);
        let rows = MySqlPoolOptions::new().max_connections(2).connect_lazy_with(options);
        let simulator = containers::service(&containers, "simulator")?.address("backend")?;
        Ok(Self {
            project: project.clone(),
            site: site.clone(),
            collection: collection.clone(),
            containers,
            rows,
            simulator: Simulator::at(format!("http://{simulator}:8088")),
            shared,
        })
    }

    /// The one container of a service.
    pub(super) fn container(&self, service: &str) -> Result<&Container> {
        containers::service(&self.containers, service)
    }
}

/// A password of the stack.
pub(super) fn secret(site: &Site, name: &str) -> Result<String> {
    let file = site.secrets().join(name);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.trim().to_owned())
}

/// Runs all of it. Needs root: it looks into cgroups and network namespaces.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut parts = Parts::default();
    let rooted = user::need_root("the stack's test looks into cgroups and network namespaces");
    if options.if_docker_runs {
        let why = match &rooted {
            Err(error) => Some(format!("{error:#}")),
            Ok(()) => parts.run("docker", cannot_run)?,
        };
        if let Some(why) = why {
            println!("left out: cargo xtask stack test ({why})");
            return Ok(());
        }
    }
    rooted?;
    let folder = results("stack-test");
    let collection = Collection::new(options.posts);
    let site = ThrowAway { third: 78, collection: &collection, rate: 20 }.site(&folder)?;
    let mut layers = vec![Layer::Stack, Layer::Simulator, Layer::Observability];
    layers.extend(options.cluster.then_some(Layer::Cluster));
    let (project, images) = parts.run("images", || prepare(PROJECT, layers, options.images, &site))?;
    // Of a run that was killed.
    take_down(&project, true)?;
    let mut findings = Findings::default();
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    let tested = parts.run("up", || bring_up(&project, &site)).and_then(|containers| {
        // A pool wants a runtime around it from its first moment on.
        let _inside = runtime.enter();
        let running = Running::of(&project, &site, &collection, containers)?;
        if options.cluster {
            return parts.run("cluster", || runtime.block_on(cluster::play(&running, &mut findings)));
        }
        parts.run("checks", || runtime.block_on(checks(&running, &mut findings)))?;
        parts.run("second up", || runtime.block_on(again::check(&running, &mut findings)))?;
        parts.run("scenes", || runtime.block_on(scenes::play(&running, &mut findings)))?;
        parts.run("refusals", || runtime.block_on(refusals::play(&running, &mut findings)))?;
        parts.run("full disk", || runtime.block_on(full_disk::play(&running, &mut findings)))
    });
    findings.whole("the test", tested);
    if options.picture {
        parts.run("picture", || page::picture(&folder))?;
    }
    if options.keep {
        println!("\nthe stack stays up: `cargo xtask stack status --project {PROJECT}`");
    } else {
        parts.run("down", || take_down(&project, true))?;
        project.engine.end_if_idle()?;
    }
    println!();
    for (variable, told) in &images.told {
        println!("{variable:18} {told}");
    }
    println!("\n{}", parts.table());
    findings.conclude()
}

/// Why this machine has no engine and can have none.
///
/// # Errors
/// It could have one: a fault, and no reason to leave the test out.
fn cannot_run() -> Result<Option<String>> {
    let (cache, progress) = (Cache::of_this_user()?, Progress::to_stderr());
    let lock = cache.lock(&progress)?;
    match Engine::provide(&cache, &lock, &progress) {
        Ok(_) => Ok(None),
        Err(error) if error.is::<NotHere>() => Ok(Some(format!("{error:#}"))),
        Err(fault) => Err(fault),
    }
}

async fn checks(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("Health: every server healthy, every step ended well");
    for one in &running.containers {
        let health = one.health.as_deref().unwrap_or("no check of its own");
        findings.is(super::up::is_well(one), format!("{} is {} ({health})", one.service, one.state));
    }
    findings.part("Limits and rights of the processes, as the kernel has them");
    let looked = limits::check(running, findings);
    findings.whole("limits", looked);
    findings.part("Configuration files, judged by the servers' own programs");
    let looked = configurations::check(running, findings);
    findings.whole("configurations", looked);
    findings.part("Posts: the simulator's truth against the rows in MySQL");
    let looked = posts::check(running, findings).await;
    findings.whole("posts", looked);
    findings.part("Telemetry: traces in Jaeger, metrics in Prometheus, no secret in either");
    let looked = telemetry::check(running, findings).await;
    findings.whole("telemetry", looked);
    findings.part("MySQL's published port: who comes in, and how");
    let looked = rights::check(running, findings).await;
    findings.whole("rights", looked);
    findings.part("Networks: nothing is reachable that should not be");
    let looked = reach::check(running, findings);
    findings.whole("reach", looked);
    findings.part("Memory by service (stand-ins are named at the end)");
    let memory = memory::by_service(&running.containers)?;
    print!("{}", memory::table(&memory));
    findings.is(
        memory::used(&memory) < 3 << 29,
        format!("{:.0} MiB in use, at most 1536", memory::mib(memory::used(&memory))),
    );
    for (service, most) in memory::OURS {
        let used = memory.get(service).copied().unwrap_or_default().used;
        findings.is((1..most).contains(&used), memory::against(service, used, most));
    }
    Ok(())
}
