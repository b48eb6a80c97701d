//! X's clock at the start, by the free usage call, which proves the token as well.

use std::time::{Duration, Instant};

use bootstrap::Health;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use x_api::Client;

use crate::clock::XClock;
use crate::retry::{self, Action};

/// `None`: stopped before X answered.
pub(crate) async fn ask_clock(x: &Client, health: &Health, stop: &CancellationToken) -> Option<XClock> {
    let mut pauses = retry::pauses();
    for attempt in 0.. {
        health.heartbeat.beat();
        let sent = Instant::now();
        let (date, error) = match x.usage(1, attempt).await {
            Ok(usage) => (Some(usage.received.date.unwrap_or_else(OffsetDateTime::now_utc)), None),
            Err(error) => (error.received.as_ref().and_then(|received| received.date), Some(error)),
        };
        let pause = match (&error, date) {
            (None, Some(date)) => {
                health.readiness.set("x", Ok(()));
                return Some(XClock::of(date, sent, Instant::now()));
            }
            (Some(error), _) if matches!(error.class, x_api::ErrorClass::Unauthorized(_)) => {
                let text =
                    format!("{error}; put the right token into x.token_file, then restart the extractor");
                tracing::error!("{text}");
                health.readiness.set("x", Err(&text));
                wait_for_stop(health, stop).await;
                return None;
            }
            // The clock is what is needed; what else X refuses here, a search will be refused as well.
            (Some(error), Some(date)) if retry::action(error) != Action::BackOff => {
                tracing::warn!(%error, "X does not tell its usage");
                health.readiness.set("x", Ok(()));
                return Some(XClock::of(date, sent, Instant::now()));
            }
            _ => pauses.next().unwrap_or(Duration::from_secs(60)),
        };
        if let Some(error) = error {
            tracing::warn!(%error, pause_ms = pause.as_millis(), "X does not answer yet");
            health.readiness.set("x", Err(&error.to_string()));
        }
        tokio::select! {
            () = tokio::time::sleep(pause.min(Duration::from_secs(30))) => {}
            () = stop.cancelled() => return None,
        }
    }
    None
}

async fn wait_for_stop(health: &Health, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        health.heartbeat.beat();
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(10)) => {}
            () = stop.cancelled() => {}
        }
    }
}
