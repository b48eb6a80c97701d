//! Backup and restore, and a Kafka whose volume is lost.

use std::time::Duration;

use anyhow::{Context, Result};

use super::{HOST, count, ensure, ensure_nothing_is_lost, posts};
use crate::rehearse::stage::{Stage, until};

const ARRIVAL: Duration = Duration::from_secs(120);

pub(super) fn restore(stage: &mut Stage) -> Result<String> {
    let at_the_dump = ensure_nothing_is_lost(stage)?;
    stage.play_well("backup.yml", &[])?;
    let dump = stage.host(HOST)?.ssh("ls -t backups/*.sql.gz | head -n 1")?;
    ensure(!dump.is_empty(), "no dump", &dump)?;
    until("posts come after the dump", ARRIVAL, || Ok(posts(stage)? > at_the_dump))?;
    let before = posts(stage)?;
    // The worst of it: rows are gone, and Kafka's offsets stand behind them.
    count(stage, "DELETE FROM tweet_rules; DELETE FROM batches; SELECT COUNT(*) FROM batches")?;
    stage.play_well("restore.yml", &["--extra-vars", &format!("backup_file=/home/garimpo/{dump}")])?;
    until("what came since the dump is applied again", ARRIVAL, || Ok(posts(stage)? >= before))?;
    let after = ensure_nothing_is_lost(stage)?;
    Ok(format!("{at_the_dump} posts in the dump, {before} before, {after} after the restore"))
}

pub(super) fn lost_kafka(stage: &mut Stage) -> Result<String> {
    let before = ensure_nothing_is_lost(stage)?;
    let spent = "SELECT CAST(COALESCE(SUM(cost_usd_micros), 0) AS SIGNED) FROM batches WHERE refetched";
    let host = stage.host(HOST)?;
    host.ssh("docker stop garimpo-extractor-1 garimpo-transformer-1 garimpo-kafka-1 && docker rm garimpo-kafka-1 && docker volume rm garimpo_kafka-data")
        .context("Kafka's volume could not be taken away")?;
    stage.play_well("cursors.yml", &[])?;
    until("posts go on", ARRIVAL, || Ok(posts(stage)? > before))?;
    let bought_again = count(stage, spent)?;
    ensure(bought_again == 0, "pages were bought again, in millionths of a dollar", bought_again)?;
    Ok(format!("{before} posts before, {} after, nothing bought again", posts(stage)?))
}
