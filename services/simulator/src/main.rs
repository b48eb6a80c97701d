//! Starts the simulator, says where it listens, and ends on SIGTERM, Ctrl-C or with its standard input.

use std::io::Read;

use anyhow::Context;
use clap::Parser;
use simulator::{Options, Simulator};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::from_default_env().add_directive(tracing::Level::INFO.into()),
        )
        .init();
    let mut terminated = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let simulator = Simulator::start(&options).await?;
    println!("{}", serde_json::json!({ "listening": simulator.address.to_string() }));

    let input_closed = closed_input();
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
        _ = input_closed, if options.stdin_guard => {}
    }
    // Now, not after a graceful wait: the thread that reads standard input cannot be interrupted.
    std::process::exit(0);
}

/// Resolves when standard input closes.
fn closed_input() -> oneshot::Receiver<()> {
    let (closed, is_closed) = oneshot::channel();
    std::thread::spawn(move || {
        let mut input = std::io::stdin().lock();
        let mut ignored = [0; 256];
        while matches!(input.read(&mut ignored), Ok(read) if read > 0) {}
        let _nobody_waits = closed.send(());
    });
    is_closed
}
