//! From the command line to the running extractor, and to its end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use bootstrap::{Health, Layers, Loaded, Probe, Secret, ServiceInfo, Telemetry};
use contract::{Cursor, Started};
use x_api::{Client, ClientSettings, DEFAULT_BODY_LIMIT, Token};

use crate::ask_clock::ask_clock;
use crate::claim::{claim, refuse_foreign};
use crate::cli::{Cli, Command, Cursors};
use crate::clock::local_millis;
use crate::config::{self, Settings};
use crate::extractor::{CHECKS, Extractor, Running, stay_fenced};
use crate::metrics::Metrics;
use crate::money::{Ledger, UsdMicros};
use crate::plan::Terms;
use crate::rules::{self, Rule};
use crate::to_kafka::{Framing, ToKafka};
use crate::topics::Topics;

/// How long spans and metrics may take to leave at the end.
const FLUSH: Duration = Duration::from_secs(5);

/// Does what the command line asks for.
///
/// # Errors
/// Whatever keeps the extractor from starting, in one line.
pub fn start(cli: &Cli) -> anyhow::Result<ExitCode> {
    let loaded = config::load(&Layers::of_process(cli.config.clone(), cli.rules.clone()))?;
    if cli.command == Command::Health {
        return Ok(bootstrap::ask(&loaded.value.health, Probe::Ready));
    }
    bootstrap::install_crypto_provider();
    let runtime =
        tokio::runtime::Builder::new_current_thread().max_blocking_threads(4).enable_all().build()?;
    let done = runtime.block_on(async {
        match &cli.command {
            Command::Check => crate::check::check(&loaded).await,
            Command::Cursors(Cursors::Import { file }) => crate::cursors::import(&loaded.value, file).await,
            _ => run(loaded).await,
        }
    });
    // A call into Kafka that still waits for a broker does not hold the end up.
    runtime.shutdown_timeout(Duration::from_millis(200));
    done
}

async fn run(loaded: Loaded<Settings>) -> anyhow::Result<ExitCode> {
    let settings = loaded.value;
    let service = ServiceInfo {
        name: "extractor",
        version: env!("CARGO_PKG_VERSION"),
        instance: settings.collect.identity.clone(),
    };
    let rules = rules::rules(&settings)?;
    let x = client(&settings)?;
    let telemetry = Telemetry::init(&settings.telemetry, &service)?;
    let collected = collect(&settings, rules, x).await;
    telemetry.flush_and_shutdown(FLUSH).await;
    collected.map(|()| ExitCode::SUCCESS)
}

async fn collect(settings: &Settings, rules: Vec<Rule>, x: Client) -> anyhow::Result<()> {
    let stop = bootstrap::stop_on_signals()?;
    let health = Health::start(&settings.health, CHECKS).await?;
    Topics::new(&settings.kafka)?.ensure().await?;
    let framing = Framing::of(&settings.schema_registry).await?;
    let me = me(&settings.collect.identity);
    let (mut kafka, snapshot) = ToKafka::start(&settings.kafka, me.clone()).await?;
    health.readiness.set("kafka", Ok(()));
    tracing::info!(identity = me.identity, instance = me.instance, "this process has the identity");
    refuse_foreign(&snapshot, &rules, &me.identity)?;

    let Some(clock) = ask_clock(&x, &health, &stop).await else { return Ok(()) };
    let cursors = match claim(&mut kafka, settings, &rules, &snapshot, &clock).await? {
        Ok(cursors) => cursors,
        Err(fenced) => {
            stay_fenced(&fenced, &health.readiness, &health.heartbeat, &stop).await;
            return Ok(());
        }
    };
    let worst = rules.iter().map(|rule| rule.worst_page).max().unwrap_or(UsdMicros::ZERO);
    let ledger = Ledger::new(clock.now().date(), settings.budget.daily_usd, worst);
    let mine = snapshot.cursors()?.into_iter().filter(|cursor| cursor.identity == me.identity);
    let in_flight = mine.into_iter().any(|cursor| cursor.in_flight);
    let ledger = ledger.inherit(snapshot.money(&me.identity)?.as_ref(), in_flight);
    if ledger.carried > UsdMicros::ZERO {
        tracing::warn!(carried = %ledger.carried, "answers that were never committed may have cost this today");
    }
    health.readiness.set("rules", Ok(()));
    let rules =
        rules.into_iter().zip(cursors).map(|(rule, cursor)| running(rule, cursor, settings)).collect();
    let extractor = Extractor {
        x,
        kafka,
        framing,
        rules,
        ledger,
        written: None,
        block: settings.budget.block_usd,
        prices: rules::prices(settings),
        clock,
        identity: me.identity,
        metrics: Metrics::new(),
        readiness: health.readiness.clone(),
        heartbeat: health.heartbeat.clone(),
        stop,
        all_wait: None,
        all_stopped: false,
    };
    extractor.run().await;
    Ok(())
}

fn client(settings: &Settings) -> anyhow::Result<Client> {
    let secret = Secret::read("x.token_file", &settings.x.token_file)?;
    let token = Token::new(secret.expose())?;
    Ok(Client::new(ClientSettings {
        base_url: settings.x.base_url.clone(),
        token,
        vocabulary: settings.x.vocabulary,
        timeout: settings.x.timeout.0,
        user_agent: concat!("garimpo/", env!("CARGO_PKG_VERSION")).to_owned(),
        body_limit: DEFAULT_BODY_LIMIT,
    })?)
}

/// This process as the owner of `identity`.
pub(crate) fn me(identity: &str) -> Started {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = if host.trim().is_empty() { "unknown-host" } else { host.trim() };
    Started {
        identity: identity.to_owned(),
        instance: format!("{host}/{}/{:08x}", std::process::id(), rand::random::<u32>()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: local_millis(),
    }
}

pub(crate) fn terms(rule: &Rule, settings: &Settings) -> Terms {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4);
    Terms {
        query: rule.query.clone(),
        fingerprint: contract::query_fingerprint(&rule.query),
        settle: millis(rule.settle),
        window: millis(settings.x.recent_window.0),
    }
}

fn running(rule: Rule, cursor: Cursor, settings: &Settings) -> Running {
    let now = Instant::now();
    Running {
        terms: terms(&rule, settings),
        rule,
        refetch: cursor.in_flight,
        written: cursor.clone(),
        cursor,
        unanswered: None,
        begun: now,
        due: now,
        waits_for: "start",
        attempts: 0,
        first_asked: None,
        pauses: None,
        stopped: None,
    }
}
