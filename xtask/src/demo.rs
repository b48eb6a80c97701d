//! `cargo xtask demo`: the whole pipeline on throw-away real services, and the proof that nothing was lost or doubled.

mod archive;
mod bars;
mod facts;
mod options;
pub(crate) mod page;
mod report;
mod run;

use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::signal::unix::{SignalKind, signal};

pub(crate) use options::Options;

use crate::release;

/// For processes to be ended and blocking work to be left when the demo ends.
const END: Duration = Duration::from_secs(5);

/// Builds, runs and reports. Fails where truth and rows do not agree.
pub(crate) fn run(options: &Options) -> Result<()> {
    let plan = options.plan()?;
    release::build(&[])?;
    let runtime = tokio::runtime::Runtime::new().context("no runtime")?;
    let ended = runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        let finished = tokio::select! {
            finished = run::run(&plan) => finished?,
            // What runs is dropped, and with it every process and the temporary folder.
            _ = interrupted.recv() => bail!("interrupted; everything it had started is ended"),
            _ = terminated.recv() => bail!("terminated; everything it had started is ended"),
        };
        if plan.keep {
            eprintln!("everything stays up until Ctrl-C");
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
        }
        finished.end().await
    });
    runtime.shutdown_timeout(END);
    ended
}
