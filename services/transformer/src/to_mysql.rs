//! Batches into MySQL: each once, in any order, one transaction for all that wait.

mod apply;
mod bare;
mod bind_around;
mod bind_ledger;
mod bind_posts;
mod connect;
mod derived;
mod facts;
mod failure;
mod follow;
mod group;
mod ledger;
mod outcome;
mod session;
mod settings;
mod spans;
mod statement;
mod values;

use std::time::Duration;

use sqlx::{Connection as _, MySqlPool};
use thiserror::Error;

pub use bare::LoadTimes;
pub(crate) use connect::{give_up, options, pool, refused};
pub use derived::Derived;
pub use outcome::{Mode, Outcome, RejectedPost, RowCounts};
pub use settings::{MysqlSettings, WriteSettings};

use crate::enrich::Enriched;

/// The database is broken: nothing was committed that is not in the ledger, nothing was set aside; try again later.
#[derive(Debug, Error)]
#[error("MySQL {doing}: {source}")]
pub struct Pause {
    /// What was being done.
    pub doing: &'static str,
    /// What the client or the server said.
    #[source]
    pub source: sqlx::Error,
}

/// Why there is no connection.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The password file.
    #[error(transparent)]
    Password(#[from] bootstrap::ConfigError),
    /// The server.
    #[error("MySQL at {address} as {user}: {source}; {way_out}")]
    Refused {
        /// Host and port, or socket.
        address: String,
        /// Account.
        user: String,
        /// What to look at.
        way_out: &'static str,
        /// What the client or the server said.
        #[source]
        source: sqlx::Error,
    },
}

/// Times a transaction is repeated while other writers are in the way, some ten seconds in all.
const CONFLICTS: usize = 30;

/// Writes batches; cheap to share, as many transactions at a time as `write.writers`.
#[derive(Debug, Clone)]
pub struct Writer {
    pool: MySqlPool,
    database: String,
    rows_per_statement: usize,
    answer_within: Duration,
}

impl Writer {
    /// Connects.
    ///
    /// # Errors
    /// The server is unreachable or refuses the account.
    pub async fn connect(mysql: &MysqlSettings, write: &WriteSettings) -> Result<Self, ConnectError> {
        let writers = u32::try_from(write.writers.get()).unwrap_or(u32::MAX);
        Ok(Self {
            pool: connect::pool(mysql, writers).await?,
            database: mysql.database.clone(),
            rows_per_statement: write.rows_per_statement.get(),
            answer_within: mysql.answer_within.0,
        })
    }

    /// Applies all batches in one transaction; on data errors batch by batch, then post by post.
    /// Outcomes stand in the order of `batches`.
    ///
    /// # Errors
    /// `Pause`: the database is broken; call again with the same batches, the ledger absorbs what was committed.
    pub async fn apply(&self, batches: &[Enriched], mode: Mode) -> Result<Vec<Outcome>, Pause> {
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let batches: Vec<&Enriched> = batches.iter().collect();
        self.apply_all(&batches, mode).await
    }

    /// Asks the server for an answer within `limit`: readiness and the end of a pause.
    ///
    /// # Errors
    /// It gives none.
    pub async fn ping(&self, limit: Duration) -> Result<(), Pause> {
        let asked = async { self.pool.acquire().await?.ping().await };
        let answer = tokio::time::timeout(limit, asked).await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        answer.map_err(|source| Pause { doing: "ping", source })
    }
}
