//! The X simulator as a process.

mod control;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use control::{Bill, Served, ServedPage, ServedPost, Truth, TruthKind};

use crate::binaries;
use crate::error::SandboxError;
use crate::process::{Process, ProcessSpec};

const READY: Duration = Duration::from_secs(60);

/// What the simulator serves. The default: a seed of 1, nothing before the start and nothing after it.
#[derive(Debug, Clone)]
pub struct SimulatorOptions {
    /// Seed of everything generated.
    pub seed: u64,
    /// Posts that exist at the start.
    pub posts: u64,
    /// The time before the start over which they are spread.
    pub span: Duration,
    /// New posts a second from the start on.
    pub rate: f64,
    /// An archive (JSON lines) served instead of generated posts.
    pub archive: Option<PathBuf>,
    /// Moves an archive to now.
    pub shift: bool,
    /// Every query matches all of an archive.
    pub any_query: bool,
    /// `tweet` or `post`: the names of fields in answers.
    pub vocabulary: String,
    /// Whether a post fetched again within its UTC day is free.
    pub same_day_rule: bool,
    /// Requests per 15 minutes, instead of X's own limit.
    pub rate_limit: Option<u32>,
    /// Further flags.
    pub arguments: Vec<String>,
}

impl Default for SimulatorOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            posts: 0,
            span: Duration::from_secs(3600),
            rate: 0.0,
            archive: None,
            shift: false,
            any_query: false,
            vocabulary: "tweet".to_owned(),
            same_day_rule: false,
            rate_limit: None,
            arguments: Vec::new(),
        }
    }
}

/// A running simulator; dropped, it is killed if it was started here.
#[derive(Debug)]
pub struct Simulator {
    _process: Option<Process>,
    base_url: String,
    token_file: PathBuf,
}

impl Simulator {
    /// Starts it in `folder` and waits until it listens.
    ///
    /// # Errors
    /// It is not built, refuses its flags, or does not listen in time.
    pub async fn start(folder: &Path, options: &SimulatorOptions) -> Result<Self, SandboxError> {
        fs::create_dir_all(folder).map_err(SandboxError::io("make the folder", folder))?;
        let token = "simulator-token";
        let token_file = folder.join("x.token");
        fs::write(&token_file, token).map_err(SandboxError::io("write", &token_file))?;
        let spec = ProcessSpec {
            name: "simulator".to_owned(),
            program: binaries::find("simulator")?,
            arguments: flags(options, token),
            environment: BTreeMap::new(),
            folder: folder.to_owned(),
        };
        let process = Process::start(&spec)?;
        let address = process.until("listening", READY, async || process.listening()).await?;
        Ok(Self { _process: Some(process), base_url: format!("http://{address}"), token_file })
    }

    /// One that somebody else runs, to be asked by its control API.
    pub fn at(base_url: impl Into<String>) -> Self {
        Self { _process: None, base_url: base_url.into(), token_file: PathBuf::new() }
    }

    /// `x.base_url` for the extractor.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// `x.token_file` for the extractor.
    pub fn token_file(&self) -> &Path {
        &self.token_file
    }
}

fn flags(options: &SimulatorOptions, token: &str) -> Vec<OsString> {
    let on = |flag: bool| if flag { "on" } else { "off" };
    let mut flags = vec![
        "--listen=127.0.0.1:0".to_owned(),
        format!("--seed={}", options.seed),
        format!("--posts={}", options.posts),
        format!("--span={}s", options.span.as_secs()),
        format!("--rate={}", options.rate),
        format!("--vocabulary={}", options.vocabulary),
        format!("--token={token}"),
        format!("--same-day-rule={}", on(options.same_day_rule)),
    ];
    // The process runs in a folder of its own.
    let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    flags.extend(options.archive.iter().map(|archive| format!("--archive={}", absolute(archive).display())));
    flags.extend(options.rate_limit.iter().map(|limit| format!("--rate-limit={limit}")));
    let bare = [(options.shift, "--shift"), (options.any_query, "--any-query")];
    flags.extend(bare.into_iter().filter(|(wanted, _)| *wanted).map(|(_, flag)| flag.to_owned()));
    flags.extend(options.arguments.iter().cloned());
    flags.into_iter().map(OsString::from).collect()
}
