//! What can go wrong while the sandbox runs, with the facts and the last words of the process.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::process::Ended;
use crate::setup::SetupError;

/// Why something of the sandbox did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The set-up failed.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// One of the workspace's programs is not built.
    #[error("the program {name} is not built (looked for {looked:?}): run `cargo build --bin {name}`")]
    NoBinary {
        /// The program.
        name: &'static str,
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// A process could not be started.
    #[error("cannot start {name}: {source}")]
    Start {
        /// The process.
        name: String,
        /// The system's word.
        source: io::Error,
    },
    /// A process ended while something was awaited from it.
    #[error("{name} {end} before it was {what}; its last words:\n{log}")]
    Ended {
        /// The process.
        name: String,
        /// What was awaited.
        what: &'static str,
        /// How it ended.
        end: Ended,
        /// The last lines of its log.
        log: String,
    },
    /// A process took too long.
    #[error("{name} was not {what} within {limit:?}; its last words:\n{log}")]
    Late {
        /// The process.
        name: String,
        /// What was awaited.
        what: &'static str,
        /// How long.
        limit: Duration,
        /// The last lines of its log.
        log: String,
    },
    /// A command run to its end failed.
    #[error("{name} {end} instead of ending well; its last words:\n{log}")]
    Failed {
        /// The process.
        name: String,
        /// How it ended.
        end: Ended,
        /// The last lines of its log.
        log: String,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// No free port was found.
    #[error("no free port on 127.0.0.1 was found in {tries} tries")]
    NoPort {
        /// How many ports were tried.
        tries: u32,
    },
    /// Kafka refused something the sandbox asked it.
    #[error("kafka: cannot {action}: {source}")]
    Kafka {
        /// What was tried.
        action: &'static str,
        /// librdkafka's word.
        source: rdkafka::error::KafkaError,
    },
    /// A topic that is to be read does not exist.
    #[error("kafka: there is no topic {topic}")]
    NoTopic {
        /// The topic.
        topic: String,
    },
    /// MySQL refused something the sandbox asked it.
    #[error("mysql: cannot {action}: {source}")]
    Mysql {
        /// What was tried.
        action: &'static str,
        /// sqlx's word.
        source: sqlx::Error,
    },
    /// The simulator's or the trace sink's API answered something else than agreed.
    #[error("{name}: cannot {action}: {reason}")]
    Control {
        /// The process.
        name: &'static str,
        /// What was tried.
        action: String,
        /// What came back.
        reason: String,
    },
    /// A moment a test waits for did not come.
    #[error("{what} did not come within {limit:?}")]
    NoMoment {
        /// The moment.
        what: String,
        /// How long.
        limit: Duration,
    },
    /// Something a test expects to last did not.
    #[error("{what} was over after {after:?} of {length:?}")]
    NotThroughout {
        /// What was to last.
        what: String,
        /// When it was over.
        after: Duration,
        /// How long it was to last.
        length: Duration,
    },
}

impl SandboxError {
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
