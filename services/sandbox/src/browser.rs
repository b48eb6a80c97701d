//! A headless Chromium as a throw-away process: what a page draws, says, asks for and looks like.
//!
//! Spoken to by the DevTools protocol over two pipes, so that no port is open and the browser ends when its pipe does,
//! however we end.

mod pipe;
mod view;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::error::SandboxError;
use crate::folder::Folder;
use crate::setup::ChromiumHome;
use pipe::Pipe;

pub use view::{Page, Said, Scheme, View};

/// For an answer, drawing a long page beside a build included.
const LIMIT: Duration = Duration::from_secs(60);
/// What a page needs of a browser, and nothing that would ask the network by itself.
const ARGUMENTS: [&str; 14] = [
    "--headless",
    // Its own sandbox needs rights an ordinary user may lack; the pages are ours.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--proxy-server=127.0.0.1:9",
    "--remote-debugging-pipe",
];

/// A running browser; dropped, it is killed.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    pipe: Pipe,
    // Last: the browser writes here until it is gone.
    _scratch: Folder,
}

impl Browser {
    /// Starts it; returns once it answers.
    ///
    /// # Errors
    /// It cannot be started or does not answer: with the last lines of its log.
    pub fn start(home: &ChromiumHome) -> Result<Self, SandboxError> {
        let scratch = Folder::make(false)?;
        let failed = |source| SandboxError::Start { name: "chromium".to_owned(), source };
        let log = scratch.path().join("chromium.log");
        let stderr = std::fs::File::create(&log).map_err(SandboxError::io("write", &log))?;
        // The protocol runs on descriptors 3 and 4, which a shell can make of stdin and stdout.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh"])
            .arg(home.program())
            .args(ARGUMENTS)
            .arg(format!("--user-data-dir={}", scratch.path().join("profile").display()))
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"))
            .envs(home.environment(scratch.path()))
            .current_dir(scratch.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(failed)?;
        let ends = child.stdin.take().zip(child.stdout.take());
        let (to, from) = ends.ok_or_else(|| failed(std::io::ErrorKind::BrokenPipe.into()))?;
        let mut browser = Self { child, pipe: Pipe::new(to, from, log), _scratch: scratch };
        browser.ask(None, "Browser.getVersion", &json!({}))?;
        Ok(browser)
    }

    /// Opens a file as `view` says and waits until it is drawn.
    ///
    /// # Errors
    /// The browser ended, or does not draw it in time.
    pub fn open(&mut self, file: &Path, view: &View) -> Result<Page<'_>, SandboxError> {
        let file = file.canonicalize().map_err(SandboxError::io("open", file))?;
        Page::open(self, &format!("file://{}", file.display()), view)
    }

    fn ask(&mut self, session: Option<&str>, method: &str, given: &Value) -> Result<Value, SandboxError> {
        self.pipe.ask(session, method, given, LIMIT)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Gone already, or gone now.
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}
