//! MySQL's side: posts with what hangs on them, the ledger, what was spent.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;
use sqlx::{MySqlPool, Row};

use super::posts::{Children, Observed, Post};
use crate::error::SandboxError;

/// What the tables say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// Posts.
    pub posts: Observed,
    /// Rows of the ledger for each batch id; more than one where a page was fetched again with other posts.
    pub ledger: BTreeMap<String, u64>,
    /// Sum of the table `spending`, millionths of a dollar.
    pub spent_usd_micros: i64,
    /// Objects of batches that were set aside.
    pub rejected: u64,
}

const POSTS: &str = "SELECT id, text FROM tweets";
const RULES: &str = "SELECT DISTINCT tweet_id, rule FROM tweet_rules";
const HASHTAGS: &str = "SELECT tweet_id, COUNT(*) FROM tweet_hashtags GROUP BY tweet_id";
const MENTIONS: &str = "SELECT tweet_id, COUNT(*) FROM tweet_mentions GROUP BY tweet_id";
const URLS: &str = "SELECT tweet_id, COUNT(*) FROM tweet_urls GROUP BY tweet_id";
const LEDGER: &str = "SELECT batch_id, COUNT(*), CAST(SUM(COALESCE(JSON_LENGTH(rejected), 0)) AS SIGNED) \
                      FROM batches GROUP BY batch_id";
const SPENDING: &str = "SELECT CAST(COALESCE(SUM(cost_usd_micros), 0) AS SIGNED) FROM spending";

impl Stored {
    /// Reads the tables.
    ///
    /// # Errors
    /// MySQL refuses.
    pub async fn read(pool: &MySqlPool) -> Result<Self, SandboxError> {
        read(pool).await
    }
}

/// Reads the tables.
///
/// # Errors
/// MySQL refuses.
pub(super) async fn read(pool: &MySqlPool) -> Result<Stored, SandboxError> {
    collect(pool).await.map_err(|source| SandboxError::Mysql { action: "read what was stored", source })
}

async fn collect(pool: &MySqlPool) -> Result<Stored, sqlx::Error> {
    let mut children: BTreeMap<i64, Children> = BTreeMap::new();
    count(pool, HASHTAGS, &mut children, |children, rows| children.hashtags = rows).await?;
    count(pool, MENTIONS, &mut children, |children, rows| children.mentions = rows).await?;
    count(pool, URLS, &mut children, |children, rows| children.urls = rows).await?;

    let mut rules: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    let mut rows = sqlx::query(RULES).fetch(pool);
    while let Some(row) = rows.try_next().await? {
        rules.entry(row.try_get(0)?).or_default().insert(row.try_get(1)?);
    }
    drop(rows);

    let mut stored = Stored::default();
    let mut rows = sqlx::query(POSTS).fetch(pool);
    while let Some(row) = rows.try_next().await? {
        let id: i64 = row.try_get(0)?;
        let text: Option<String> = row.try_get(1)?;
        let post = Post::new(text.as_deref(), children.remove(&id).unwrap_or_default());
        match rules.remove(&id) {
            Some(rules) => rules.iter().for_each(|rule| stored.posts.match_post(rule, id, post)),
            None => stored.posts.include_post(id, post),
        }
    }
    drop(rows);
    // What hangs on no post: it shows as a post without a text.
    for (id, children) in children {
        stored.posts.include_post(id, Post::new(None, children));
    }
    for (id, rules) in rules {
        let post = Post::new(None, Children::default());
        rules.iter().for_each(|rule| stored.posts.match_post(rule, id, post));
    }

    let mut rows = sqlx::query(LEDGER).fetch(pool);
    while let Some(row) = rows.try_next().await? {
        stored.ledger.insert(row.try_get(0)?, row.try_get::<i64, _>(1)?.unsigned_abs());
        stored.rejected += row.try_get::<i64, _>(2)?.unsigned_abs();
    }
    drop(rows);
    stored.spent_usd_micros = sqlx::query_scalar(SPENDING).fetch_one(pool).await?;
    Ok(stored)
}

async fn count(
    pool: &MySqlPool,
    query: &'static str,
    children: &mut BTreeMap<i64, Children>,
    set: impl Fn(&mut Children, u64),
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query(query).fetch(pool);
    while let Some(row) = rows.try_next().await? {
        set(children.entry(row.try_get(0)?).or_default(), row.try_get::<i64, _>(1)?.unsigned_abs());
    }
    Ok(())
}
