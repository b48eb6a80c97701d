//! The roller beside the writers: looks at the marks every so often; of several transformers one does the work.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{RollupError, RollupSettings, Rollups};
use crate::{metrics::Metrics, to_mysql::MysqlSettings};

/// Rolls until the end is asked for. What fails is tried again at the next look: marks stay.
pub async fn run(
    mysql: MysqlSettings,
    settings: RollupSettings,
    metrics: Arc<Metrics>,
    stop: CancellationToken,
) {
    let mut looks = tokio::time::interval(settings.interval.0);
    // A round that took longer than the interval is followed by a pause, not by a row of rounds.
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut rollups = None;
    loop {
        tokio::select! {
            _ = looks.tick() => {}
            () = stop.cancelled() => return,
        }
        match round(&mut rollups, &mysql, &settings, &stop).await {
            Ok(rolled) if rolled.hours > 0 => {
                metrics.rolled(rolled.hours);
                tracing::debug!(hours = rolled.hours, marks = rolled.marks, "rollups made");
            }
            Ok(_) => {}
            Err(RollupError::Busy) => tracing::debug!("another transformer is making the rollups"),
            Err(error) => {
                metrics.retry("rollups", false);
                tracing::warn!(%error, "rollups not made: tried again");
            }
        }
    }
}

async fn round(
    rollups: &mut Option<Rollups>,
    mysql: &MysqlSettings,
    settings: &RollupSettings,
    stop: &CancellationToken,
) -> Result<super::Rolled, RollupError> {
    let rollups = match rollups {
        Some(rollups) => rollups,
        none => none.insert(Rollups::connect(mysql, settings).await?),
    };
    rollups.roll(|_| !stop.is_cancelled()).await
}
