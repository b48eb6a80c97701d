//! Starts the simulator, says where it listens, and ends on SIGTERM, Ctrl-C or with its standard input.

use std::io::Read;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use simulator::{Options, Simulator};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let options = Options::parse();
    let filter = EnvFilter::from_default_env().add_directive(tracing::Level::INFO.into());
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter).init();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulator: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn run(options: &Options) -> anyhow::Result<()> {
    let mut terminated = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let simulator = Simulator::start(options).await?;
    println!("{}", serde_json::json!({ "listening": simulator.address.to_string() }));

    let input_closed = options.stdin_guard.then(closed_input);
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
        _ = async { input_closed?.await.ok() }, if options.stdin_guard => {}
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
