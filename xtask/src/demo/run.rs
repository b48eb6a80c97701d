//! The run itself: start, backlog, live posts, end, verdict, report.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sandbox::environment::{DATABASE, SandboxOptions};
use sandbox::pipeline::{ExtractorOptions, Pipeline, PipelineOptions, Rule};
use sandbox::setup::Progress;
use sandbox::simulator::SimulatorOptions;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::bars::Bars;
use super::facts::{self, Speed, Texts};
use super::options::{Plan, Posts};
use super::page;
use super::report::{Look, Report};
use crate::cargo;

/// How long posts go on coming live after the first ones have arrived.
const LIVE: Duration = Duration::from_secs(10);
/// For posts to arrive: a million takes minutes.
const ARRIVAL: Duration = Duration::from_secs(1800);
const VERDICT: Duration = Duration::from_secs(120);
const STOP: Duration = Duration::from_secs(30);
/// For the last spans to leave the services.
const SPANS: Duration = Duration::from_secs(15);
/// X allows so many searches in 15 minutes.
const RATE_LIMIT: u32 = 450;
/// Searches of a run beside the pages of posts: polls for live ones.
const POLLS: u64 = 150;
const HOUR_MS: i64 = 3_600_000;
/// Of an archive, everything is sent along that it holds.
const EVERYTHING: [&str; 9] = [
    "author_id",
    "referenced_tweets.id",
    "referenced_tweets.id.author_id",
    "in_reply_to_user_id",
    "entities.mentions.username",
    "edit_history_tweet_ids",
    "geo.place_id",
    "attachments.media_keys",
    "attachments.poll_ids",
];

/// Runs the demo to its report.
pub(super) async fn run(plan: &Plan) -> Result<Finished> {
    let began = Instant::now();
    eprintln!("starting Kafka, MySQL, the simulator, and both services");
    let pipeline = Pipeline::start(&options(plan)?).await?;
    let started = began.elapsed();

    let mut bars = Bars::to_stderr();
    let mut watch = pipeline.watch().await?;
    let mut first = None;
    let mut show = |progress: sandbox::pipeline::Progress| {
        if first.is_none() && progress.stored > 0 {
            first = Some(began.elapsed());
        }
        bars.show(&progress);
    };
    watch.arrived(ARRIVAL, &mut show).await?;
    let speed = facts::speed(&pipeline).await?;
    if plan.is_live() {
        let until = Instant::now() + LIVE;
        while Instant::now() < until {
            let progress = watch.look().await?;
            show(sandbox::pipeline::Progress { wanted: progress.bought, ..progress });
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        pipeline.sandbox.simulator.as_ref().context("there is a simulator")?.halt().await?;
        watch.arrived(ARRIVAL, &mut show).await?;
    }
    bars.end();
    drop(watch);

    let verdict = pipeline.verdict(VERDICT).await?;
    let trace = pipeline.trace(None, SPANS).await?;
    let memory = memory(&pipeline);
    let kept_texts = match &plan.posts {
        Posts::Archive(archive) => Some(facts::texts_kept(&pipeline, &archive.texts).await?),
        Posts::Made { .. } => None,
    };
    let folder = results()?;
    let trace_file = folder.join("trace.json");
    write(&trace_file, &serde_json::to_string_pretty(&trace.spans)?)?;
    let look = Look {
        mysql: pipeline.sandbox.mysql.client_command(DATABASE),
        trace: trace_file,
        report: folder.join("report.txt"),
        pages: [folder.join("report.html"), folder.join("report.en.html")],
        kept: plan.keep.then(|| kept(&pipeline)),
    };
    let whole = kept_texts.as_ref().is_none_or(Texts::are_whole);
    let agrees = verdict.agrees() && trace.flaws.is_empty() && whole;
    let live = if plan.is_live() { facts::speed(&pipeline).await? } else { Speed::default() };
    let first = first.unwrap_or_default();
    let report = Report { verdict, kept_texts, started, first, speed, live, memory, trace, look };
    // Before the words that name the pages; the run's verdict is worth more than they are.
    let charts = page::write(&pipeline, &report).await;
    println!("\n{report}");
    write(&report.look.report, &report.to_string())?;
    charts?;

    Ok(Finished { pipeline, folder, agrees })
}

/// A run that has been reported on; everything is still up.
pub(super) struct Finished {
    pipeline: Pipeline,
    folder: PathBuf,
    agrees: bool,
}

impl Finished {
    /// Ends everything in order, keeps the services' logs, and says by its result whether truth and rows agreed.
    pub(super) async fn end(mut self) -> Result<()> {
        self.pipeline.stop(STOP).await?;
        for node in self.pipeline.extractors.iter().chain(&self.pipeline.transformers) {
            let log = node.service()?.process().log();
            let kept = self.folder.join(format!("{}.log", node.name()));
            fs::copy(log, kept).with_context(|| format!("cannot keep {}", log.display()))?;
        }
        if self.agrees {
            return Ok(());
        }
        bail!("truth and rows do not agree, or the trace is not whole: see the report above")
    }
}

impl Plan {
    fn is_live(&self) -> bool {
        matches!(self.posts, Posts::Made { rate, .. } if rate > 0.0)
    }
}

fn options(plan: &Plan) -> Result<PipelineOptions> {
    let mut extractor = ExtractorOptions::default();
    let simulator = match &plan.posts {
        Posts::Made { posts, rate, seed } => {
            let pages = posts.div_ceil(100) + POLLS;
            let limit = u32::try_from(pages).unwrap_or(u32::MAX).max(RATE_LIMIT);
            if limit > RATE_LIMIT {
                eprintln!(
                    "{pages} searches at most: the simulator's limit is raised from X's {RATE_LIMIT} in 15 minutes"
                );
            }
            SimulatorOptions {
                posts: *posts,
                rate: *rate,
                seed: *seed,
                rate_limit: Some(limit),
                ..SimulatorOptions::default()
            }
        }
        Posts::Archive(archive) => {
            let start = moment(archive.oldest_ms - HOUR_MS)?;
            let expansions = Some(EVERYTHING.map(str::to_owned).to_vec());
            let rule = Rule { name: "archive".to_owned(), start: Some(start), expansions, ..Rule::default() };
            extractor.rules = vec![rule];
            let hours = (archive.newest_ms - archive.oldest_ms) / HOUR_MS + 2;
            let window = format!("{}h", hours.max(7 * 24));
            extractor.settings.insert("x.recent_window".to_owned(), window);
            let archive = Some(archive.file.clone());
            SimulatorOptions { archive, any_query: true, ..SimulatorOptions::default() }
        }
    };
    let sandbox = SandboxOptions {
        simulator: Some(simulator),
        progress: Progress::to_stderr(),
        ..SandboxOptions::default()
    };
    Ok(PipelineOptions { sandbox, extractors: vec![extractor], ..PipelineOptions::default() })
}

fn moment(ms: i64) -> Result<String> {
    let at =
        OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).context("a post's time is out of range")?;
    Ok(at.format(&Rfc3339)?)
}

/// Each service with the most memory it held.
fn memory(pipeline: &Pipeline) -> Vec<(String, u64)> {
    let nodes = pipeline.extractors.iter().chain(&pipeline.transformers);
    nodes.map(|node| (node.name().to_owned(), node.peak_memory())).collect()
}

/// Addresses of what stays up.
fn kept(pipeline: &Pipeline) -> Vec<(&'static str, String)> {
    let simulator = pipeline.sandbox.simulator.as_ref().map(|simulator| simulator.base_url().to_owned());
    vec![
        ("Kafka", pipeline.sandbox.kafka.brokers()),
        ("X simulator", simulator.unwrap_or_default()),
        ("spans as JSON", format!("{}/traces", pipeline.sandbox.trace_sink.endpoint())),
        ("logs and data", pipeline.sandbox.folder().display().to_string()),
    ]
}

/// A folder of this run's own that stays: `target/demo/TIME-PROCESS`.
fn results() -> Result<PathBuf> {
    let now = OffsetDateTime::now_utc();
    let name = format!(
        "{}-{:02}{:02}{:02}-{}",
        now.date(),
        now.hour(),
        now.minute(),
        now.second(),
        std::process::id()
    );
    let folder = cargo::root().join("target/demo").join(name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::super::archive::Archive;
    use super::*;

    #[test]
    fn an_archive_is_collected_from_before_its_oldest_post_on_without_being_moved() {
        let (oldest_ms, newest_ms) = (1_621_000_000_000, 1_622_000_000_000);
        let archive = Archive { texts: [].into(), file: "posts.jsonl".into(), oldest_ms, newest_ms };
        let options = options(&Plan { posts: Posts::Archive(archive), keep: false }).unwrap();
        let extractor = &options.extractors[0];
        assert_eq!(extractor.rules[0].start.as_deref(), Some("2021-05-14T12:46:40Z"));
        assert_eq!(extractor.settings["x.recent_window"], "279h");
        assert!(extractor.settle.is_zero());
        let simulator = options.sandbox.simulator.unwrap();
        assert!(simulator.any_query && !simulator.shift && simulator.posts == 0);
    }
}
