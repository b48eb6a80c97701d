//! The other arm of `cargo xtask bench write`: pages made from a seed, upserted from memory by some connections.
//!
//! Reads its connection from `TRANSFORMER_MYSQL__…` like the transformer and prints one line of JSON. Decoding,
//! enriching and making rows happen before the clock runs, one after another on one core, and are timed by themselves.

use std::{
    collections::HashSet,
    env,
    error::Error,
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Parser;
use contract::TweetBatch;
use sandbox::feed::Pages;
use tracing::Span;
use transformer::{
    enrich::{Enriched, Enricher, Received, Source, Trace, enrich},
    rows::{Children, Item, Rows},
    to_mysql::{LoadTimes, MysqlSettings, WriteSettings, Writer},
};

#[derive(Parser)]
struct Arguments {
    #[arg(long)]
    seed: u64,
    /// Pages before the first one that is loaded.
    #[arg(long, default_value_t = 0)]
    skip_pages: i32,
    #[arg(long)]
    pages: i32,
    #[arg(long)]
    posts_per_page: i64,
    #[arg(long)]
    pages_per_walk: i32,
    #[arg(long)]
    writers: NonZeroUsize,
    #[arg(long)]
    posts_per_transaction: NonZeroUsize,
    #[arg(long)]
    rows_per_statement: NonZeroUsize,
}

/// Processor time of the stages before MySQL, on one core.
#[derive(Default)]
struct Stages {
    decode: Duration,
    enrich: Duration,
    rows: Duration,
}

/// One transaction, ready to be sent.
struct Load {
    rows: Rows<'static>,
    children: Children<'static>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mysql = MysqlSettings {
        host: variable("HOST")?,
        port: variable("PORT")?.parse()?,
        user: variable("USER")?,
        password_file: Some(variable("PASSWORD_FILE")?.into()),
        database: variable("DATABASE")?,
        socket: None,
        answer_within: "5m".parse()?,
    };
    let write = WriteSettings {
        writers: arguments.writers,
        posts_per_transaction: arguments.posts_per_transaction,
        rows_per_statement: arguments.rows_per_statement,
    };
    let mut stages = Stages::default();
    let (loads, posts) = loads(&arguments, &mut stages)?;
    let writer = Writer::connect(&mysql, &write).await?;
    let (times, took) = send(&writer, arguments.writers.get(), loads).await?;
    let per_post = |time: Duration| time.as_secs_f64() * 1e6 / posts as f64;
    println!(
        "{}",
        serde_json::json!({
            "posts": posts,
            "seconds": took.as_secs_f64(),
            "posts_per_second": posts as f64 / took.as_secs_f64(),
            "decode_us_per_post": per_post(stages.decode),
            "enrich_us_per_post": per_post(stages.enrich),
            "rows_us_per_post": per_post(stages.rows),
            "statements_us_per_post": per_post(times.statements),
            "commit_us_per_post": per_post(times.commit),
        })
    );
    Ok(())
}

fn variable(key: &str) -> Result<String, String> {
    let name = format!("TRANSFORMER_MYSQL__{key}");
    env::var(&name).map_err(|error| format!("{name}: {error}"))
}

/// Groups of as many posts as the transformer's transactions take; children only of posts seen for the first time.
fn loads(arguments: &Arguments, stages: &mut Stages) -> Result<(Vec<Load>, usize), Box<dyn Error>> {
    let pages = Pages { seed: arguments.seed, posts: arguments.posts_per_page };
    let (mut loads, mut group, mut seen, mut posts) = (Vec::new(), Vec::new(), HashSet::new(), 0);
    let walk = arguments.pages_per_walk;
    let enricher = Enricher::embedded()?;
    let last = arguments.skip_pages + arguments.pages;
    for page in arguments.skip_pages..last {
        let value = contract::encode(&pages.page("bench", 1 + i64::from(page / walk), 1 + page % walk))?;
        let batch: TweetBatch = timed(&mut stages.decode, || contract::decode(&value, |_| None))?;
        posts += batch.tweets.len() + batch.included.len();
        let received = Received {
            batch,
            source: Source::default(),
            trace: Trace::default(),
            committed_at_ms: 0,
            span: Span::none(),
        };
        group.push(timed(&mut stages.enrich, || enrich(&enricher, received)));
        let waiting: usize = group.iter().map(|batch| batch.tweets.len() + batch.included.len()).sum();
        let next = usize::try_from(arguments.posts_per_page)? + waiting / group.len().max(1) / 5;
        if waiting + next > arguments.posts_per_transaction.get() || page + 1 == last {
            // Leaked on purpose: rows borrow from batches, and the program ends after one measurement.
            let group: &'static [Enriched] = Vec::leak(std::mem::take(&mut group));
            let rows = timed(&mut stages.rows, || rows(group))?;
            let new: Vec<_> = rows.tweets.iter().filter(|row| seen.insert(row.id)).collect();
            loads.push(Load { children: Children::of(new), rows });
        }
    }
    Ok((loads, posts))
}

fn rows(group: &'static [Enriched]) -> Result<Rows<'static>, Box<dyn Error>> {
    let mut rows = Rows::default();
    for batch in group {
        for item in Item::all(&batch.received.batch) {
            rows.add(batch, item)?;
        }
    }
    Ok(rows.settle())
}

fn timed<T>(total: &mut Duration, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    *total += began.elapsed();
    result
}

/// Sends all loads over `writers` connections; the time on the wall, and the sums over all connections.
async fn send(
    writer: &Writer,
    writers: usize,
    loads: Vec<Load>,
) -> Result<(LoadTimes, Duration), Box<dyn Error>> {
    let (loads, next) = (Arc::new(loads), Arc::new(AtomicUsize::new(0)));
    let sum = Arc::new(Mutex::new(LoadTimes::default()));
    let began = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (writer, loads, next, sum) = (writer.clone(), loads.clone(), next.clone(), sum.clone());
            tokio::spawn(async move {
                while let Some(load) = loads.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let times = writer.load(&load.rows, &load.children).await?;
                    let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
                    sum.statements += times.statements;
                    sum.commit += times.commit;
                }
                Ok::<(), transformer::to_mysql::Pause>(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    let times = *sum.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((times, began.elapsed()))
}
