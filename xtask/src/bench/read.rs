//! `bench read`: simulator to MySQL at a steady rate; how long a post waits from X's answer to MySQL's COMMIT.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, ensure};
use clap::Args;
use sandbox::{
    environment::SandboxOptions,
    pipeline::{ExtractorOptions, Pipeline, PipelineOptions, TransformerOptions},
    setup::Progress,
    simulator::SimulatorOptions,
    trace_sink::SpanRecord,
    wait,
};

const ANSWER: &str = "GET /2/tweets/search/recent";
const COMMIT: &str = "INSERT garimpo";

#[derive(Args)]
pub(crate) struct Options {
    /// Posts a second.
    #[arg(long, value_delimiter = ',', default_values_t = [50.0, 250.0])]
    rates: Vec<f64>,
    /// Seconds to measure each rate for.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
}

/// Measures each rate.
pub(crate) async fn run(options: &Options) -> Result<()> {
    println!("from an answer received to the COMMIT of its rows, by the batches' own traces\n");
    println!(
        "{:>7} {:>8} {:>9} {:>8} {:>8} {:>8} {:>13} {:>15}",
        "posts/s", "batches", "stored/s", "p50 ms", "p99 ms", "max ms", "extractor MB", "transformer MB"
    );
    for rate in &options.rates {
        measure(*rate, Duration::from_secs(options.seconds)).await?;
    }
    Ok(())
}

async fn measure(rate: f64, length: Duration) -> Result<()> {
    let simulator =
        SimulatorOptions { posts: 100, rate, rate_limit: Some(1_000_000), ..SimulatorOptions::default() };
    let extractor =
        ExtractorOptions { poll_interval: Duration::from_millis(300), ..ExtractorOptions::default() };
    let mut pipeline = Pipeline::start(&PipelineOptions {
        sandbox: SandboxOptions {
            simulator: Some(simulator),
            progress: Progress::to_stderr(),
            ..SandboxOptions::default()
        },
        extractors: vec![extractor],
        transformers: vec![TransformerOptions::default()],
    })
    .await?;
    let before: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM tweet_rules").fetch_one(pipeline.rows()).await?;
    wait::throughout("both services are running", length, async || {
        pipeline.extractors.iter().chain(&pipeline.transformers).all(|node| node.is_running())
    })
    .await?;
    let after: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM tweet_rules").fetch_one(pipeline.rows()).await?;
    let (extractor, transformer) =
        (pipeline.extractors[0].peak_memory(), pipeline.transformers[0].peak_memory());
    // Ends flush what telemetry still holds.
    pipeline.stop(Duration::from_secs(60)).await?;
    let latencies = latencies(&pipeline).await?;
    ensure!(!latencies.is_empty(), "no batch's trace holds both {ANSWER:?} and {COMMIT:?}");
    let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100];
    println!(
        "{:>7.0} {:>8} {:>9.1} {:>8.1} {:>8.1} {:>8.1} {:>13.1} {:>15.1}",
        rate,
        latencies.len(),
        (after - before) as f64 / length.as_secs_f64(),
        at(50),
        at(99),
        at(100),
        extractor as f64 / 1e6,
        transformer as f64 / 1e6,
    );
    Ok(())
}

/// Milliseconds from the end of the last attempt's span to the end of the insert's, sorted.
async fn latencies(pipeline: &Pipeline) -> Result<Vec<f64>> {
    let ends = |spans: Vec<SpanRecord>| -> BTreeMap<String, u64> {
        spans.into_iter().map(|span| (span.trace_id, span.end_ns)).collect()
    };
    let answers = ends(pipeline.sandbox.trace_sink.spans_named(ANSWER).await?);
    let commits = ends(pipeline.sandbox.trace_sink.spans_named(COMMIT).await?);
    let mut latencies: Vec<f64> = commits
        .iter()
        .filter_map(|(trace, end)| Some((end.saturating_sub(*answers.get(trace)?)) as f64 / 1e6))
        .collect();
    latencies.sort_by(f64::total_cmp);
    Ok(latencies)
}
