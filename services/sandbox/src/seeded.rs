//! Made-up rows behind the `ds_*` views, for tests and pictures of what reads them: two weeks up to now.
//!
//! No roller is needed: the rollups are written as it would have. The figures are drawn from hashes, so that the same day
//! holds the same ones.

use sqlx::MySqlPool;

use crate::error::SandboxError;

/// Posts, languages, sentiments, topics, hashtags, states, domains, rules.
const ROLLUPS: &str = include_str!("seeded/rollups.sql");
/// Posts people engaged with.
const POSTS: &str = include_str!("seeded/posts.sql");
/// Answers, their cost, what they vouch for, and a hole.
const COLLECTION: &str = include_str!("seeded/collection.sql");
/// Texts that would break a careless page, among the most engaged and the most used.
const HOSTILE: &str = include_str!("seeded/hostile.sql");

/// Fills a migrated, empty database.
///
/// # Errors
/// MySQL refuses.
pub async fn fill(pool: &MySqlPool) -> Result<(), SandboxError> {
    for sql in [ROLLUPS, POSTS, COLLECTION] {
        run(pool, sql).await?;
    }
    Ok(())
}

/// Adds markup, right-to-left text, joined emoji and one very long text to what [`fill`] wrote.
///
/// # Errors
/// MySQL refuses.
pub async fn fill_hostile(pool: &MySqlPool) -> Result<(), SandboxError> {
    run(pool, HOSTILE).await
}

async fn run(pool: &MySqlPool, sql: &'static str) -> Result<(), SandboxError> {
    let done = sqlx::raw_sql(sql).execute(pool).await;
    done.map(|_| ()).map_err(|source| SandboxError::Mysql { action: "write made-up rows", source })
}
