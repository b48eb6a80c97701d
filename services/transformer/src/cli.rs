//! The command line: one subcommand a duty.

mod provisioning;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bootstrap::{DurationText, Layers, Loaded, Probe, ServiceInfo, Telemetry};
use clap::{Args, Parser, Subcommand};

use crate::aside::{self, Which};
use crate::config::{self, Settings};
use crate::replay::{self, Direction, From};
use crate::{check, compliance, cursors, drained, migrate, re_enrich, report, rewind, rollups, run};

/// Batches of posts from Kafka into MySQL.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    /// TOML over the embedded defaults; the environment (TRANSFORMER_SECTION__KEY) lies over both.
    #[arg(long, env = "TRANSFORMER_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read batches and write them, until SIGTERM.
    Run,
    /// Bring the database's schema up to date.
    Migrate {
        /// Take up a migration that ended half-way.
        #[arg(long)]
        repair: bool,
    },
    /// Print the effective configuration, and what brokers, topics and MySQL lack; 1 if anything.
    Check,
    /// Ask the running transformer whether it does its work; 1 if not.
    Health {
        /// Ask only whether the process is alive.
        #[arg(long)]
        live: bool,
    },
    /// Look at what was set aside, or try it again.
    #[command(subcommand)]
    Rejected(Rejected),
    /// Apply retained batches again.
    Replay(Replay),
    /// Derive again, from the stored texts, what an older version of the enrichment derived.
    ReEnrich {
        /// Posts from here on: `earliest`, a day or a moment.
        #[arg(long)]
        since: rollups::Since,
        /// Those of this version, too: after a change of taxonomy or lexicons by settings.
        #[arg(long)]
        all: bool,
    },
    /// What the views read: make it again.
    #[command(subcommand)]
    Rollups(RollupsCommand),
    /// Deletions that have to be followed.
    #[command(subcommand)]
    Compliance(Compliance),
    /// The group's offsets in Kafka.
    #[command(subcommand)]
    Offsets(Offsets),
    /// Where each rule stands, by the ledger.
    #[command(subcommand)]
    Cursors(Cursors),
    #[command(flatten)]
    Provisioning(provisioning::Provisioning),
    /// Write one HTML page of charts from the ds_ views, for people without Data Studio.
    Report(Report),
}

#[derive(Debug, Args)]
struct Report {
    /// First day (2026-11-20); without it seven days up to the last one.
    #[arg(long, value_parser = report::day)]
    from: Option<time::Date>,
    /// Last day; without it the newest that holds posts.
    #[arg(long, value_parser = report::day)]
    to: Option<time::Date>,
    /// Language of the page.
    #[arg(long, value_enum, default_value_t = report::Lang::Pt)]
    lang: report::Lang,
    /// The file; one that exists is replaced.
    #[arg(long, default_value = "report.html")]
    out: PathBuf,
    /// JSON with figures of a run and the trace of one batch, to be shown beside (see `report::Attached`).
    #[arg(long)]
    attach: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Rejected {
    /// List dead letters, the newest of each name.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
        /// Those that were replayed, too.
        #[arg(long)]
        all: bool,
    },
    /// Apply dead letters through the writer, a post alone where it was refused alone.
    Replay(WhichArgs),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct WhichArgs {
    /// Those of one message: topic/partition/offset.
    #[arg(long)]
    id: Option<String>,
    /// Every one.
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
struct Replay {
    /// Says that known batches are to be upserted again: nothing else is replayed.
    #[arg(long, required = true)]
    reapply: bool,
    /// `earliest`, a moment (2026-11-24T00:00:00Z), a length of time before now (36h), or offsets (0:120,1:98).
    #[arg(long)]
    from: From,
    /// Transactions at a time; as `write.writers` where it is not given.
    #[arg(long)]
    writers: Option<usize>,
    /// Oldest or newest first; the rows are the same.
    #[arg(long, value_enum, default_value_t = Direction::Forward)]
    order: Direction,
}

#[derive(Debug, Subcommand)]
enum RollupsCommand {
    /// Make the hours again that were written since, as a running transformer does by itself.
    Roll,
    /// Make all hours again.
    Rebuild {
        /// Posts from here on: `earliest`, a day or a moment.
        #[arg(long, default_value = "earliest")]
        since: rollups::Since,
    },
}

#[derive(Debug, Subcommand)]
enum Offsets {
    /// Back to where the ledger ends, after a restore; no transformer may run.
    Rewind,
    /// Wait until every committed batch is applied, with the extractor stopped; 1 if one still waits then.
    Drained {
        /// How long to wait, such as 30s.
        #[arg(long, default_value = "30s")]
        within: DurationText,
    },
}

#[derive(Debug, Subcommand)]
enum Cursors {
    /// Print cursors and money for `extractor cursors import`, one JSON object a line, after Kafka's volume was lost.
    Export,
}

#[derive(Debug, Subcommand)]
enum Compliance {
    /// Follow every retained deletion again, after a restore and before the views open.
    Apply,
    /// Delete posts on somebody's request: from every table and view, now and after each restore.
    Delete {
        /// Ids of posts.
        #[arg(required = true)]
        posts: Vec<i64>,
    },
}

impl Cli {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// What kept it from its work, for `bootstrap::report`.
    pub fn execute(self) -> anyhow::Result<ExitCode> {
        if let Command::Provisioning(command) = self.command {
            return command.execute(self.config);
        }
        let Loaded { value: mut settings, origins } = config::load(&Layers::of_process(self.config, []))?;
        if let Command::Health { live } = self.command {
            return Ok(bootstrap::ask(&settings.health, if live { Probe::Live } else { Probe::Ready }));
        }
        settings.require_secrets()?;
        // Only what applies batches sends spans and metrics: the rest answers a person and ends.
        if !matches!(self.command, Command::Run | Command::Replay(_) | Command::Rejected(Rejected::Replay(_)))
        {
            settings.telemetry.otlp_endpoint = None;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers(&settings))
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let telemetry = Telemetry::init(&settings.telemetry, &service(&settings))?;
            let result = work(self.command, settings, &origins).await;
            if !telemetry.flush_and_shutdown(Duration::from_secs(5)).await {
                tracing::debug!("telemetry was not delivered whole");
            }
            result
        })
    }
}

async fn work(
    command: Command,
    settings: Settings,
    origins: &bootstrap::Origins,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run => run::run(settings).await?,
        Command::Migrate { repair } => {
            let applied = migrate::migrate(&settings.mysql, repair).await?;
            println!("{applied} migrations applied to {}", settings.mysql.database);
        }
        Command::Check => return Ok(check::check(&settings, origins).await),
        // Answered before, without a runtime or with one of their own.
        Command::Health { .. } | Command::Provisioning(_) => {}
        Command::Rejected(Rejected::List { json, all }) => aside::list(&settings, json, all).await?,
        Command::Rejected(Rejected::Replay(which)) => {
            let which = which.id.map_or(Which::All, Which::Message);
            return Ok(aside::replay(&settings, &which).await?);
        }
        Command::Replay(Replay { from, writers, order, reapply: _ }) => {
            return Ok(replay::replay(settings, from, writers, order).await?);
        }
        Command::ReEnrich { since, all } => return Ok(re_enrich::re_enrich(&settings, since, all).await?),
        Command::Rollups(RollupsCommand::Roll) => {
            return Ok(rollups::roll_now(&settings.mysql, &settings.rollups).await?);
        }
        Command::Rollups(RollupsCommand::Rebuild { since }) => {
            return Ok(rollups::rebuild(&settings.mysql, &settings.rollups, since).await?);
        }
        Command::Compliance(Compliance::Apply) => compliance::apply(&settings).await?,
        Command::Compliance(Compliance::Delete { posts }) => {
            compliance::delete(&settings.kafka.brokers, &posts).await?;
            println!("{} deletions ordered: the running transformer follows them", posts.len());
        }
        Command::Offsets(Offsets::Rewind) => {
            rewind::rewind(&settings).await?.iter().for_each(|line| println!("{line}"));
        }
        Command::Offsets(Offsets::Drained { within }) => {
            drained::drained(&settings, within.0).await?;
            println!("every batch is applied");
        }
        Command::Cursors(Cursors::Export) => {
            let export = cursors::export(&settings.mysql).await?;
            export.left_out.iter().for_each(|rule| eprintln!("{rule}"));
            export.lines.iter().for_each(|line| println!("{line}"));
        }
        Command::Report(Report { from, to, lang, out, attach }) => {
            let options = report::Options { from, to, lang, out, attach };
            println!("{}", report::report(&settings, &options).await?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writers encode rows while others wait for MySQL; more threads than that only cost memory.
fn workers(settings: &Settings) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.min(settings.write.writers.get() + 1)
}

fn service(settings: &Settings) -> ServiceInfo {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let instance = settings.kafka.instance_id.clone();
    let instance = instance.unwrap_or_else(|| format!("{}/{}", host.trim(), std::process::id()));
    ServiceInfo { name: "transformer", version: env!("CARGO_PKG_VERSION"), instance }
}
