//! What can go wrong while setting up, with the facts and the way out.

use std::io;
use std::path::{Path, PathBuf};

/// Why the set-up stopped.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Neither GARIMPO_CACHE nor HOME says where the cache folder is.
    #[error(
        "no home folder is known: set GARIMPO_CACHE to a folder for what the sandbox fetches (up to 900 MB)"
    )]
    NoCacheFolder,
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
    /// Fetching is known for Debian only.
    #[error("{what} is not on this machine and can only be fetched on Debian (this is {system}): {provide}")]
    OtherSystem {
        /// What is wanted.
        what: &'static str,
        /// The machine's distribution.
        system: String,
        /// What the user has to provide.
        provide: &'static str,
    },
    /// No package source of Debian is configured on a Debian machine.
    #[error(
        "no Debian package source was found in /etc/apt/sources.list or /etc/apt/sources.list.d: \
         add one (a `deb` line or a .sources file with component main)"
    )]
    NoPackageSource,
    /// A program could not be started.
    #[error("cannot start {program}, needed to {purpose}: {source}")]
    Start {
        /// The program.
        program: String,
        /// Why it is run.
        purpose: String,
        /// The system's word.
        source: io::Error,
    },
    /// A program ended with an error.
    #[error("{program} failed ({status}) to {purpose}:\n{output}")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
        /// Why it was run.
        purpose: String,
        /// Its last lines.
        output: String,
    },
    /// A fetched file is not what its index announced.
    #[error(
        "broken download: {file} from {from} has {found}, its index says {expected}; \
         it was removed: run the set-up again"
    )]
    BrokenDownload {
        /// The file's name.
        file: String,
        /// Where it came from.
        from: String,
        /// Size or checksum found.
        found: String,
        /// Size or checksum announced.
        expected: String,
    },
    /// Something fetched or provided lacks a part.
    #[error("{what} lacks {part} in {path}: {way_out}")]
    Incomplete {
        /// The tool.
        what: &'static str,
        /// The missing part.
        part: String,
        /// Where it was looked for.
        path: PathBuf,
        /// What to do.
        way_out: &'static str,
    },
    /// Something that is made here for the cache could not be made.
    #[error("cannot make {what}: {reason}")]
    Make {
        /// The tool.
        what: String,
        /// Why, with the way out.
        reason: String,
    },
    /// The trust store for Java could not be written.
    #[error("cannot make Java's trust store from {bundle}: {reason}")]
    TrustStore {
        /// The CA bundle read.
        bundle: PathBuf,
        /// What failed.
        reason: String,
    },
}

impl SetupError {
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
