//! `bench views`: millions of posts stored, then every view, beside the same question asked of the tables themselves.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sandbox::{
    environment::{DATABASE, Sandbox, SandboxOptions},
    mysql::MysqlOptions,
    process::Ended,
    setup::Progress,
};
use sqlx::{AssertSqlSafe, MySqlPool};

use super::loader::{self, Pages, Setting};

const LIMIT: Duration = Duration::from_secs(1800);
const POSTS_PER_PAGE: i64 = 100;
const PAGES_PER_WALK: i32 = 100;
/// Pages one loader holds in memory.
const CHUNK: i32 = 2500;
/// A question of the tables that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(60);
/// What MySQL says of it (error 3024).
const EXECUTION_TIME: &str = "maximum statement execution time exceeded";

#[derive(Args)]
pub(crate) struct Options {
    /// Matched posts to store.
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(i64).range(1_000_000..))]
    posts: i64,
    /// Answers in the ledger; without it those that the posts take.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..))]
    answers: Option<i64>,
    /// InnoDB's buffer pool, MiB.
    #[arg(long, default_value_t = 512)]
    buffer_pool_mib: u32,
}

/// Loads, rolls, asks and prints.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let arguments = vec![
        format!("--innodb-buffer-pool-size={}M", options.buffer_pool_mib),
        "--innodb-redo-log-capacity=1G".to_owned(),
    ];
    let sandbox = Sandbox::start(SandboxOptions {
        simulator: None,
        mysql: MysqlOptions { arguments, ..MysqlOptions::default() },
        progress: Progress::to_stderr(),
        ..SandboxOptions::default()
    })
    .await?;
    loader::fresh_tables(&sandbox, LIMIT).await?;
    let (empty, full) = load(&sandbox, options.posts).await?;
    println!(
        "rate of the bare loader: empty {empty:.0} posts/s, with all stored {full:.0}, ratio {:.2}",
        full / empty
    );
    let began = Instant::now();
    let rolled = sandbox.transformer("roller").run(&["rollups", "roll"], LIMIT).await?;
    ensure!(rolled.ended == Ended::Exited(0), "transformer rollups roll: {}", rolled.stderr);
    println!("rollups: {} in {:.0} s", rolled.stdout.trim(), began.elapsed().as_secs_f64());
    let pool = sandbox.mysql.root(DATABASE);
    enter(&pool, options.answers.unwrap_or(options.posts / POSTS_PER_PAGE)).await?;
    let (posts, bytes): (i64, i64) = sqlx::query_as(include_str!("views/size.sql")).fetch_one(&pool).await?;
    println!(
        "{posts} posts stored, {:.1} GB in all; buffer pool {} MiB\n",
        bytes as f64 / 1e9,
        options.buffer_pool_mib
    );
    ask(&pool).await?;
    pool.close().await;
    Ok(())
}

/// The ledger, which the bare loader leaves empty: a row for each answer that brought the posts.
async fn enter(pool: &MySqlPool, answers: i64) -> Result<()> {
    let mut connection = pool.acquire().await?;
    let count = format!("SET @answers = {answers}, SESSION cte_max_recursion_depth = {answers}");
    sqlx::raw_sql(AssertSqlSafe(count)).execute(&mut *connection).await?;
    sqlx::raw_sql(include_str!("views/ledger.sql")).execute(&mut *connection).await?;
    println!("{answers} answers in the ledger");
    Ok(())
}

/// Stores all posts in chunks; posts a second of the first and of the last one, which ran alone.
async fn load(sandbox: &Sandbox, posts: i64) -> Result<(f64, f64)> {
    let pages = i32::try_from(posts / POSTS_PER_PAGE)?;
    let setting = Setting { writers: 2, posts: 1000, rows: 256 };
    let chunk = |skip: i32| Pages {
        skip,
        pages: CHUNK.min(pages - skip),
        posts_per_page: POSTS_PER_PAGE,
        pages_per_walk: PAGES_PER_WALK,
    };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} pages, {eta} left")?;
    let bar = ProgressBar::new(pages.unsigned_abs().into()).with_style(style);
    let starts: Vec<i32> = (0..pages).step_by(usize::try_from(CHUNK)?).collect();
    let (first, rest) = starts.split_first().context("there are pages")?;
    let (last, middle) = rest.split_last().context("more than one chunk")?;
    let empty = loader::bare(sandbox, &chunk(*first), setting).await?;
    bar.inc(chunk(*first).pages.unsigned_abs().into());
    // Two at a time: one makes its posts while the other sends.
    for pair in middle.chunks(2) {
        let loads = pair.iter().map(|skip| {
            let chunk = chunk(*skip);
            async move { loader::bare(sandbox, &chunk, setting).await }
        });
        for loaded in futures_util::future::join_all(loads).await {
            loaded?;
            bar.inc(CHUNK.unsigned_abs().into());
        }
    }
    let full = loader::bare(sandbox, &chunk(*last), setting).await?;
    bar.finish_and_clear();
    Ok((empty.posts_per_second, full.posts_per_second))
}

/// Views and the same questions of the tables, in the order in which they are asked.
const QUESTIONS: [(&str, &str); 12] = [
    ("ds_volume", include_str!("views/volume.sql")),
    ("ds_volume_hourly", include_str!("views/volume_hourly.sql")),
    ("ds_sentiment", include_str!("views/sentiment.sql")),
    ("ds_topics", include_str!("views/topics.sql")),
    ("ds_hashtags", include_str!("views/hashtags.sql")),
    ("ds_states", include_str!("views/states.sql")),
    ("ds_domains", include_str!("views/domains.sql")),
    ("ds_rules", include_str!("views/rules.sql")),
    ("ds_top_posts", include_str!("views/top_posts.sql")),
    ("ds_pipeline", ""),
    ("ds_cost", ""),
    ("ds_gaps", ""),
];

async fn ask(pool: &MySqlPool) -> Result<()> {
    println!("{:18} {:>8} {:>10} {:>14}", "view", "rows", "ms", "tables ms");
    let mut slow = Vec::new();
    for (view, raw) in QUESTIONS {
        let (mut rows, mut took) = (0, Vec::new());
        for _ in 0..3 {
            let began = Instant::now();
            let query = AssertSqlSafe(format!("SELECT * FROM {view}"));
            rows = sqlx::query(query).fetch_all(pool).await?.len();
            took.push(began.elapsed());
        }
        took.sort_unstable();
        if took[1] >= Duration::from_secs(1) {
            slow.push(view);
        }
        let raw = if raw.is_empty() { "the same".to_owned() } else { of_tables(pool, raw).await? };
        println!("{view:18} {rows:>8} {:>10.1} {raw:>14}", took[1].as_secs_f64() * 1e3);
    }
    ensure!(slow.is_empty(), "slower than a second: {slow:?}");
    println!("\nmedian of three, all rows fetched; a question of the tables is asked once");
    Ok(())
}

/// MySQL ends a question by itself: one that went on unheard would slow the next.
async fn of_tables(pool: &MySqlPool, question: &'static str) -> Result<String> {
    let mut connection = pool.acquire().await?;
    let limit = format!("SET SESSION max_execution_time = {}", PATIENCE.as_millis());
    sqlx::raw_sql(AssertSqlSafe(limit)).execute(&mut *connection).await?;
    let began = Instant::now();
    let asked = sqlx::raw_sql(question).fetch_all(&mut *connection).await;
    Ok(match asked {
        Ok(_) => format!("{:.0}", began.elapsed().as_secs_f64() * 1e3),
        Err(sqlx::Error::Database(error)) if error.message().contains(EXECUTION_TIME) => {
            format!("over {}", PATIENCE.as_millis())
        }
        Err(error) => return Err(error).context(question),
    })
}
