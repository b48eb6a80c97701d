//! Settings of the connection and of writing: sections `mysql` and `write`.

use std::{num::NonZeroUsize, path::PathBuf};

use bootstrap::DurationText;
use serde::Deserialize;

/// Where MySQL is: section `mysql`.
#[derive(Debug, Clone, Deserialize)]
pub struct MysqlSettings {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Account.
    pub user: String,
    /// File with its password; none means an empty one.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Database.
    pub database: String,
    /// Unix socket, in place of host and port.
    #[serde(default)]
    pub socket: Option<PathBuf>,
    /// How long a transaction is waited for before its connection is given up.
    pub answer_within: DurationText,
}

/// How rows are written: section `write`.
#[derive(Debug, Clone, Deserialize)]
pub struct WriteSettings {
    /// Transactions at a time; each has a connection of its own.
    pub writers: NonZeroUsize,
    /// Most posts (matched and included) a transaction takes; whoever groups batches keeps to it.
    pub posts_per_transaction: NonZeroUsize,
    /// Most rows an INSERT carries, rounded down to a power of two up to 1024: few sizes keep the prepared statements few.
    pub rows_per_statement: NonZeroUsize,
}
