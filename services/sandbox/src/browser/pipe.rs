//! The DevTools protocol on a pair of pipes: JSON messages, each ended by a zero byte.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::error::SandboxError;

/// Lines of the browser's log that go into an error.
const TOLD_LINES: usize = 20;

/// One browser's ends.
#[derive(Debug)]
pub(super) struct Pipe {
    to: ChildStdin,
    messages: Receiver<Value>,
    last_id: u64,
    events: Vec<Value>,
    log: PathBuf,
}

impl Pipe {
    /// Reads `from` on a thread of its own, which ends with the browser.
    pub(super) fn new(to: ChildStdin, from: ChildStdout, log: PathBuf) -> Self {
        let (tell, messages) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(from).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { continue };
                if tell.send(message).is_err() {
                    return;
                }
            }
        });
        Self { to, messages, last_id: 0, events: Vec::new(), log }
    }

    /// Sends a command and waits for its answer; events that come meanwhile are kept.
    pub(super) fn ask(
        &mut self,
        session: Option<&str>,
        method: &str,
        given: &Value,
        limit: Duration,
    ) -> Result<Value, SandboxError> {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({ "id": id, "method": method, "params": given });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let sent = self.to.write_all(format!("{message}\0").as_bytes()).and_then(|()| self.to.flush());
        sent.map_err(|error| self.failed(method, &error.to_string()))?;
        let until = Instant::now() + limit;
        loop {
            let message = self.next(until, method)?;
            if message["id"] != json!(id) {
                self.events.push(message);
            } else if let Some(error) = message.get("error") {
                return Err(self.failed(method, &error.to_string()));
            } else {
                return Ok(message["result"].clone());
            }
        }
    }

    /// Waits for an event of that name, come or to come.
    pub(super) fn event(&mut self, name: &str, limit: Duration) -> Result<(), SandboxError> {
        let until = Instant::now() + limit;
        while !self.events.iter().any(|event| event["method"] == name) {
            let message = self.next(until, name)?;
            self.events.push(message);
        }
        Ok(())
    }

    /// The events since the last call.
    pub(super) fn events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }

    fn next(&self, until: Instant, what: &str) -> Result<Value, SandboxError> {
        let left = until.saturating_duration_since(Instant::now());
        self.messages.recv_timeout(left).map_err(|error| match error {
            RecvTimeoutError::Timeout => self.failed(what, "no answer in time"),
            RecvTimeoutError::Disconnected => self.failed(what, "it ended"),
        })
    }

    fn failed(&self, what: &str, reason: &str) -> SandboxError {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let last = lines[lines.len().saturating_sub(TOLD_LINES)..].join("\n");
        let reason = format!("{reason}; its last words:\n{last}");
        SandboxError::Control { name: "chromium", action: what.to_owned(), reason }
    }
}
