//! A release with a migration and a new schema version, and the older one on what it left.

use std::time::Instant;

use anyhow::Result;

use super::{HOST, count, ensure};
use crate::rehearse::{
    next::{self, COLUMN},
    stage::Stage,
};

pub(super) fn across_a_migration(stage: &mut Stage) -> Result<String> {
    next::change(&stage.repository)?;
    let layouts = next::layouts(&stage.repository, &stage.work)?;
    stage.repository.push("Add a column and a field")?;
    let newer = stage.release(&layouts.display().to_string())?;
    stage.arrives(HOST, &newer)?;
    ensure(column(stage)? == 1, "the migration did not run", COLUMN)?;
    let on_the_newer = stage.agrees(HOST)?;

    stage.repository.git(["revert", "--no-edit", &format!("{newer}^")])?;
    stage.repository.push("Take the column and the field back")?;
    let began = Instant::now();
    let older = stage.release("layouts")?;
    stage.arrives(HOST, &older)?;
    let took = began.elapsed().as_secs_f64();
    ensure(column(stage)? == 1, "the column is gone", COLUMN)?;
    let on_the_older = stage.agrees(HOST)?;
    Ok(format!(
        "newer release: {on_the_newer}; back in {took:.0} s, the older one on the newer database: {on_the_older}"
    ))
}

fn column(stage: &Stage) -> Result<u64> {
    let query = format!(
        "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'garimpo' AND column_name = '{COLUMN}'"
    );
    count(stage, &query)
}
