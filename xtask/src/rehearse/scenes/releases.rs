//! A release with a migration and a new schema version, and the older one on what it left.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{HOST, backups::dump, count, ensure, words};
use crate::rehearse::{
    next::{self, COLUMN},
    stage::{Stage, last, until},
    x::Agreed,
};

/// Some pages more, as they are bought.
const BOUGHT: Duration = Duration::from_secs(60);
/// A few posts' worth, in millionths of a dollar.
const SOME: i64 = 50_000;

pub(super) fn across_a_migration(stage: &mut Stage) -> Result<String> {
    let dump = dump(stage)?;
    next::change(&stage.repository)?;
    let layouts = next::layouts(&stage.repository, &stage.work, &stage.images)?;
    let began = Instant::now();
    stage.repository.push("Add a column and a field")?;
    let newer = stage.release(&layouts.display().to_string())?;
    stage.arrives(HOST, &newer)?;
    let there = began.elapsed().as_secs_f64();
    ensure(column(stage)? == 1, "the migration did not run", COLUMN)?;
    let on_the_newer = reads_a_dump_of_before(stage, &dump)?;

    stage.repository.git(["revert", "--no-edit", &format!("{newer}^")])?;
    stage.repository.push("Take the column and the field back")?;
    not_with_what_waits(stage)?;
    let on_the_newer_still = stage.agrees(HOST)?;

    let began = Instant::now();
    stage.repository.push("Take them back with nothing waiting")?;
    let older = stage.release("layouts")?;
    stage.arrives(HOST, &older)?;
    let took = began.elapsed().as_secs_f64();
    ensure(column(stage)? == 1, "the column is gone", COLUMN)?;
    let said = stage.host(HOST)?.ssh("cat garimpo/pull.log")?;
    ensure(said.contains("every batch is applied"), "nothing waited for what was sent", last(&said, 40))?;
    let on_the_older = stage.agrees(HOST)?;
    Ok(format!(
        "push to running in {there:.0} s: {on_the_newer}; not back while batches wait that the older one cannot read: \
         {on_the_newer_still}; back in {took:.0} s, the older one on the newer database: {on_the_older}"
    ))
}

/// The release that runs brings the dump's schema up before it reads it.
fn reads_a_dump_of_before(stage: &mut Stage, dump: &str) -> Result<Agreed> {
    stage.agrees(HOST)?;
    let played = stage.play_well("restore.yml", &["--extra-vars", &format!("backup_file={dump}")])?;
    let migrated = words(&played.said).contains("1 migrations applied to garimpo");
    ensure(migrated && column(stage)? == 1, "the dump was not migrated", last(&played.said, 60))?;
    stage.agrees(HOST)
}

/// With the newer transformer stopped there is nobody to apply what its extractor sends: the older one refuses to skip it, and the
/// host goes on with the newer release.
fn not_with_what_waits(stage: &mut Stage) -> Result<()> {
    stage.host(HOST)?.ssh("docker stop garimpo-transformer-1")?;
    let billed = stage.x.billed()?;
    until("the newer extractor buys some pages more", BOUGHT, || Ok(stage.x.billed()? > billed + SOME))?;
    let commit = stage.release("layouts")?;
    let status = stage.goes_back_from(HOST, &commit)?;
    ensure(status["health"] == "healthy", "the newer release does not run again", &status)?;
    let said = stage.host(HOST)?.ssh("cat garimpo/pull.log")?;
    let refused = words(&said).contains("is unknown here; this release reads");
    ensure(refused, "the older one does not say which schema it lacks", last(&said, 200))
}

fn column(stage: &Stage) -> Result<u64> {
    let query = format!(
        "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'garimpo' AND column_name = '{COLUMN}'"
    );
    count(stage, &query)
}
