//! What keeps a report from being written, with the way out.

use std::{io, path::PathBuf};

use thiserror::Error;
use time::Date;

use crate::to_mysql::ConnectError;

/// Why there is no report.
#[derive(Debug, Error)]
pub enum ReportError {
    /// MySQL cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A view cannot be read.
    #[error("cannot read {what}{way_out}: {source}")]
    Read {
        /// The view.
        what: &'static str,
        /// What to do, after a colon; empty where nobody knows.
        way_out: &'static str,
        /// What MySQL said.
        source: sqlx::Error,
    },
    /// The days are in the wrong order.
    #[error("the period ends (--to {to}) before it begins (--from {from}): give them the other way round")]
    Backwards {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// The parts to be attached are not what is agreed.
    #[error("--attach {file}: {reason}")]
    Attach {
        /// The file.
        file: PathBuf,
        /// Line, column and what is wrong there.
        reason: String,
    },
    /// The page cannot be written.
    #[error("cannot write {file}: {source} (--out names another file)")]
    Write {
        /// The file.
        file: PathBuf,
        /// The system's word.
        source: io::Error,
    },
}
