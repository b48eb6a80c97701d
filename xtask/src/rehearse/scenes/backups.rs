//! Backup and restore, and a Kafka whose volume is lost.

use std::time::Duration;

use anyhow::{Context, Result};

use super::{HOST, count, ensure, posts};
use crate::rehearse::stage::{Stage, until};

const ARRIVAL: Duration = Duration::from_secs(120);

pub(super) fn restore(stage: &mut Stage) -> Result<String> {
    stage.agrees(HOST)?;
    let at_the_dump = posts(stage)?;
    stage.play_well("backup.yml", &[])?;
    let dump = stage.host(HOST)?.ssh("ls -t backups/*.sql.gz | head -n 1")?;
    ensure(!dump.is_empty(), "no dump", &dump)?;
    until("posts come after the dump", ARRIVAL, || Ok(posts(stage)? > at_the_dump))?;
    let before = posts(stage)?;
    // The worst of it: rows are gone, and Kafka's offsets stand behind them.
    count(stage, "DELETE FROM tweet_rules; DELETE FROM batches; SELECT COUNT(*) FROM batches")?;
    stage.play_well("restore.yml", &["--extra-vars", &format!("backup_file=/home/garimpo/{dump}")])?;
    let after = stage.agrees(HOST)?;
    ensure(posts(stage)? >= before, "posts were lost", after)?;
    Ok(format!("{at_the_dump} posts in the dump, {before} before the restore; after it {after}"))
}

pub(super) fn lost_kafka(stage: &mut Stage) -> Result<String> {
    stage.agrees(HOST)?;
    let before = posts(stage)?;
    let spent = "SELECT CAST(COALESCE(SUM(cost_usd_micros), 0) AS SIGNED) FROM batches WHERE refetched";
    let host = stage.host(HOST)?;
    host.ssh("docker stop garimpo-extractor-1 garimpo-transformer-1 garimpo-kafka-1 && docker rm garimpo-kafka-1 && docker volume rm garimpo_kafka-data")
        .context("Kafka's volume could not be taken away")?;
    stage.play_well("cursors.yml", &[])?;
    until("posts go on", ARRIVAL, || Ok(posts(stage)? > before))?;
    let bought_again = count(stage, spent)?;
    ensure(bought_again == 0, "pages were bought again, in millionths of a dollar", bought_again)?;
    let agreed = stage.agrees(HOST)?;
    Ok(format!("{before} posts before, nothing bought again; {agreed}"))
}
