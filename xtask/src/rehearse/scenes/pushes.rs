//! Pushes that arrive by the timer, and one that does not stay.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{HOST, containers, ensure, ensure_nothing_is_lost};
use crate::{ci::Call, rehearse::stage::Stage};

/// Commits other rules and pushes them as the workflow does; gives the commit hosts will run.
fn push_rules(stage: &Stage, name: &str) -> Result<String> {
    let path = "compose/rules.toml";
    let rule = format!("\n[[rules]]\nname = \"{name}\"\nquery = \"mascara OR mask\"\nmax_results = 50\n");
    let rules = stage.repository.read(path)? + &rule;
    stage.repository.write(path, &rules)?;
    stage.repository.push(&format!("Collect {name}, too"))?;
    stage.release("layouts")
}

pub(super) fn rules(stage: &mut Stage) -> Result<String> {
    let before = containers(stage)?;
    let pins = stage.repository.read("compose/pins.env")?;
    let began = Instant::now();
    let commit = push_rules(stage, "masks")?;
    ensure(
        stage.repository.read("compose/pins.env")? == pins,
        "the pins changed",
        "a push of rules built images",
    )?;
    stage.arrives(HOST, &commit)?;
    let took = began.elapsed();
    let other: Vec<String> = containers(stage)?.into_iter().filter(|line| !before.contains(line)).collect();
    ensure(
        other.len() == 1 && other[0].starts_with("extractor "),
        "other services than the extractor were made anew",
        other.join(", "),
    )?;
    Ok(format!("push to running in {:.0} s, only the extractor was started again", took.as_secs_f64()))
}

pub(super) fn rollback(stage: &mut Stage) -> Result<String> {
    let (before, running) = (ensure_nothing_is_lost(stage)?, stage.status(HOST)?);
    // An image that holds the wrong program: it is signed and pulled, starts, and never becomes healthy.
    let broken = stage.work.join("broken");
    Call::new("cp").arg("-a").arg(stage.work.join("layouts")).arg(&broken).run()?;
    Call::new("rm").arg("-rf").arg(broken.join("extractor")).run()?;
    Call::new("cp").arg("-a").arg(broken.join("transformer")).arg(broken.join("extractor")).run()?;
    stage.repository.write("services/BROKEN", "a change of what goes into images\n")?;
    stage.repository.push("Break the extractor")?;
    let began = Instant::now();
    let commit = stage.release("broken")?;
    let status = stage.goes_back_from(HOST, &commit)?;
    let took = began.elapsed();
    ensure(status["commit"] == running["commit"], "not the last good commit runs", &status)?;
    ensure(status["health"] == "healthy" && status["last_error"] != "", "the failure is not told", &status)?;
    let after = ensure_nothing_is_lost(stage)?;
    ensure(after >= before, "posts were lost", format!("{before} before, {after} after"))?;

    Call::new("rm").arg(stage.repository.clone.join("services/BROKEN")).run()?;
    stage.repository.push("Mend the extractor")?;
    let mended = stage.release("layouts")?;
    stage.arrives(HOST, &mended)?;
    Ok(format!("back in {:.0} s, {after} posts as before; the mended release arrived", took.as_secs_f64()))
}

pub(super) fn host_off(stage: &mut Stage) -> Result<String> {
    stage.host(HOST)?.power_off()?;
    let commit = push_rules(stage, "fakes")?;
    let began = Instant::now();
    stage.host(HOST)?.power_on()?;
    stage.arrives(HOST, &commit)?;
    let took: Duration = began.elapsed();
    ensure_nothing_is_lost(stage)?;
    Ok(format!("caught up {:.0} s after its start", took.as_secs_f64()))
}
