//! The bare loader as a process: pages made from a seed, upserted from memory by some connections.

use std::{process::Stdio, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use sandbox::{
    environment::{DATABASE, Sandbox},
    process::Ended,
};
use serde::Deserialize;

use crate::release;

/// Of everything generated.
pub(super) const SEED: u64 = 11;

/// Which pages.
pub(super) struct Pages {
    /// Pages before the first.
    pub(super) skip: i32,
    /// How many.
    pub(super) pages: i32,
    pub(super) posts_per_page: i64,
    pub(super) pages_per_walk: i32,
}

/// What is measured with.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) writers: usize,
    pub(super) posts: usize,
    pub(super) rows: usize,
}

/// What the bare loader prints.
#[derive(Deserialize)]
pub(super) struct Bare {
    pub(super) posts: u64,
    pub(super) posts_per_second: f64,
    pub(super) decode_us_per_post: f64,
    pub(super) enrich_us_per_post: f64,
    pub(super) rows_us_per_post: f64,
    pub(super) statements_us_per_post: f64,
    pub(super) commit_us_per_post: f64,
}

/// An empty database with all tables.
pub(super) async fn fresh_tables(sandbox: &Sandbox, limit: Duration) -> Result<()> {
    let root = sandbox.mysql.root("");
    for statement in [
        format!("DROP DATABASE `{DATABASE}`"),
        format!("CREATE DATABASE `{DATABASE}` CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&root).await?;
    }
    root.close().await;
    let migrated = sandbox.migrator("migrator").run(&["migrate"], limit).await?;
    ensure!(migrated.ended == Ended::Exited(0), "transformer migrate: {}", migrated.stderr);
    Ok(())
}

/// Loads into the tables as they are.
pub(super) async fn bare(sandbox: &Sandbox, pages: &Pages, setting: Setting) -> Result<Bare> {
    let program = release::folder()?.join("bare-loader");
    let (address, account) = (sandbox.mysql.address(), &sandbox.database.transformer);
    let output = tokio::process::Command::new(program)
        .args(["--seed", &SEED.to_string(), "--skip-pages", &pages.skip.to_string()])
        .args(["--pages", &pages.pages.to_string(), "--pages-per-walk", &pages.pages_per_walk.to_string()])
        .args(["--posts-per-page", &pages.posts_per_page.to_string()])
        .args(["--writers", &setting.writers.to_string()])
        .args(["--posts-per-transaction", &setting.posts.to_string()])
        .args(["--rows-per-statement", &setting.rows.to_string()])
        .env("TRANSFORMER_MYSQL__HOST", address.ip().to_string())
        .env("TRANSFORMER_MYSQL__PORT", address.port().to_string())
        .env("TRANSFORMER_MYSQL__USER", &account.user)
        .env("TRANSFORMER_MYSQL__PASSWORD_FILE", &account.password_file)
        .env("TRANSFORMER_MYSQL__DATABASE", DATABASE)
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output()
        .await
        .context("the bare loader could not be started")?;
    if !output.status.success() {
        bail!("the bare loader ended with {}", output.status);
    }
    serde_json::from_slice(&output.stdout).context("what the bare loader prints")
}
