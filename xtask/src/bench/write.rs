//! `bench write`: the transformer over a filled topic, and the bare loader, in turn on the same server.

use std::time::Duration;

use anyhow::{Result, ensure};
use clap::Args;
use sandbox::{
    environment::{DATABASE, Sandbox, SandboxOptions},
    feed::{Feed, Pages},
    process::Ended,
    setup::Progress,
    wait,
};

use super::loader::{self, SEED, Setting};

const LIMIT: Duration = Duration::from_secs(600);
const POSTS_PER_PAGE: i64 = 100;
const PAGES_PER_WALK: i32 = 20;

#[derive(Args)]
pub(crate) struct Options {
    /// Pages of 100 matched posts in the topic.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(i32).range(20..))]
    pages: i32,
    /// Writers to measure with.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 4])]
    writers: Vec<usize>,
    /// Posts a transaction to measure with.
    #[arg(long, value_delimiter = ',', default_values_t = [200, 1000])]
    posts_per_transaction: Vec<usize>,
    /// Rows a statement.
    #[arg(long, default_value_t = 256)]
    rows_per_statement: usize,
}

/// What the transformer did.
struct Piped {
    posts_per_second: f64,
    peak_bytes: u64,
}

/// Fills the topic once and measures both arms with each setting.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let sandbox = Sandbox::start(SandboxOptions {
        simulator: None,
        progress: Progress::to_stderr(),
        ..SandboxOptions::default()
    })
    .await?;
    let batches = fill(&sandbox, options.pages).await?;
    let pages = loader::Pages {
        skip: 0,
        pages: options.pages,
        posts_per_page: POSTS_PER_PAGE,
        pages_per_walk: PAGES_PER_WALK,
    };
    println!(
        "{batches} batches of {POSTS_PER_PAGE} matched posts and what they include; innodb_flush_log_at_trx_commit=1;\n\
         posts a second count matched and included ones; µs a post: decode, enrich and rows on one core, statements and\n\
         COMMIT as the bare loader's connections wait for them\n"
    );
    println!(
        "{:>7} {:>10} {:>11} {:>11} {:>6} {:>9}   {:>6} {:>6} {:>6} {:>10} {:>6}",
        "writers",
        "posts/txn",
        "transformer",
        "bare loader",
        "ratio",
        "peak MB",
        "decode",
        "enrich",
        "rows",
        "statements",
        "commit"
    );
    for writers in &options.writers {
        for posts in &options.posts_per_transaction {
            let setting = Setting { writers: *writers, posts: *posts, rows: options.rows_per_statement };
            loader::fresh_tables(&sandbox, LIMIT).await?;
            let bare = loader::bare(&sandbox, &pages, setting).await?;
            let piped = piped(&sandbox, batches, bare.posts, setting).await?;
            println!(
                "{:>7} {:>10} {:>11.0} {:>11.0} {:>6.2} {:>9.1}   {:>6.1} {:>6.1} {:>6.1} {:>10.1} {:>6.1}",
                writers,
                posts,
                piped.posts_per_second,
                bare.posts_per_second,
                piped.posts_per_second / bare.posts_per_second,
                piped.peak_bytes as f64 / 1e6,
                bare.decode_us_per_post,
                bare.enrich_us_per_post,
                bare.rows_us_per_post,
                bare.statements_us_per_post,
                bare.commit_us_per_post,
            );
        }
    }
    Ok(())
}

/// The pages of the bare loader, as an extractor would send them, in walks so that they spread over partitions.
async fn fill(sandbox: &Sandbox, pages: i32) -> Result<u64> {
    let feed = Feed::open(&sandbox.kafka.brokers(), "bench").await?;
    let made = Pages { seed: SEED, posts: POSTS_PER_PAGE };
    let mut sent = 0;
    for first in (0..pages).step_by(usize::try_from(PAGES_PER_WALK)?) {
        let walk: Vec<_> = (first..pages.min(first + PAGES_PER_WALK))
            .map(|page| made.page("bench", 1 + i64::from(page / PAGES_PER_WALK), 1 + page % PAGES_PER_WALK))
            .collect();
        feed.send(&walk).await?;
        sent += walk.len() as u64;
    }
    Ok(sent)
}

/// From the first transaction to the last: starting, joining the group and ending do not count.
async fn piped(sandbox: &Sandbox, batches: u64, posts: u64, setting: Setting) -> Result<Piped> {
    loader::fresh_tables(sandbox, LIMIT).await?;
    let name = format!("writers{}-posts{}", setting.writers, setting.posts);
    let service = sandbox
        .transformer(&name)
        .set("kafka.group_id", &name)
        .set("write.writers", setting.writers.to_string())
        .set("write.posts_per_transaction", setting.posts.to_string())
        .set("write.rows_per_statement", setting.rows.to_string())
        .set("telemetry.otlp_endpoint", "")
        .start()?;
    let root = sandbox.mysql.root(DATABASE);
    // Looks at an index of one small table; ten times a second, so as not to be part of what is measured.
    let (stored, seconds): (i64, f64) = wait::until("every batch to be applied", LIMIT, async || {
        let found: (i64, Option<i64>, Option<f64>) =
            sqlx::query_as(include_str!("write.sql")).fetch_one(&root).await.ok()?;
        service.peak_memory();
        let all = u64::try_from(found.0).is_ok_and(|applied| applied == batches);
        all.then_some((found.1.unwrap_or_default(), found.2.unwrap_or_default()))
    })
    .await?;
    root.close().await;
    let peak_bytes = service.peak_memory();
    let ended = service.terminate(LIMIT).await?;
    ensure!(ended == Ended::Exited(0), "the transformer ended with {ended:?}");
    ensure!(stored <= i64::try_from(posts)?, "the ledger counts {stored} posts, but {posts} were sent");
    Ok(Piped { posts_per_second: stored as f64 / seconds, peak_bytes })
}
