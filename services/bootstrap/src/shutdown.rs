//! Stop on SIGTERM or SIGINT: the first asks to finish what is in hand, the second ends the process.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that the first SIGTERM or SIGINT cancels. A second signal ends the process at once, with 128 + its number.
/// Needs a running tokio runtime.
pub fn stop_on_signals() -> std::io::Result<CancellationToken> {
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        loop {
            let (name, number) = tokio::select! {
                _ = term.recv() => ("SIGTERM", SignalKind::terminate().as_raw_value()),
                _ = interrupt.recv() => ("SIGINT", SignalKind::interrupt().as_raw_value()),
            };
            if stop.is_cancelled() {
                tracing::warn!(signal = name, "a second signal: ending at once");
                std::process::exit(128 + number);
            }
            tracing::info!(signal = name, "stopping: finishing what is in hand");
            stop.cancel();
        }
    });
    Ok(token)
}
