//! Pushes that arrive by the timer, and one that does not stay.

use std::time::{Duration, Instant};

use anyhow::Result;
use sandbox::pipeline::Rule;

use super::{HOST, containers, ensure};
use crate::{
    ci::Call,
    rehearse::stage::{INVENTORY, Stage, until},
};

/// The day's limit in the inventory: as it is written, and as it is mended.
const LIMIT: &str = "1000";
const MENDED: &str = "900";
/// For the timer's own run to end.
const LEFT_ALONE: Duration = Duration::from_secs(120);

/// Commits one rule more and pushes it as the workflow does; gives the commit hosts will run.
pub(super) fn push_rule(stage: &mut Stage, name: &str, query: &str) -> Result<String> {
    let rule =
        Rule { name: name.to_owned(), query: query.to_owned(), max_results: Some(50), ..Rule::default() };
    stage.x.rules.push(rule);
    stage.write_rules()?;
    stage.repository.push(&format!("Collect {name}, too"))?;
    stage.release("layouts")
}

pub(super) fn rules(stage: &mut Stage) -> Result<String> {
    let before = containers(stage)?;
    let pins = stage.repository.read("compose/pins.env")?;
    let began = Instant::now();
    let commit = push_rule(stage, "masks", "(mascara OR mask) -is:nullcast")?;
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
    let agreed = stage.agrees(HOST)?;
    Ok(format!(
        "push to running in {:.0} s, only the extractor was started again; {agreed}",
        took.as_secs_f64()
    ))
}

pub(super) fn rollback(stage: &mut Stage) -> Result<String> {
    let (before, running) = (stage.agrees(HOST)?, stage.status(HOST)?);
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
    let after = stage.agrees(HOST)?;
    ensure(after.matched >= before.matched, "posts were lost", format!("{before} before, {after} after"))?;

    Call::new("rm").arg(stage.repository.clone.join("services/BROKEN")).run()?;
    stage.repository.push("Mend the extractor")?;
    let mended = stage.release("layouts")?;
    stage.arrives(HOST, &mended)?;
    let back = took.as_secs_f64();
    Ok(format!("back in {back:.0} s, {after}; the mended release arrived: {}", stage.agrees(HOST)?))
}

/// A limit below what one page may cost keeps the extractor from starting. The commit before it comes back with its own limit,
/// which only its own inventory holds.
pub(super) fn inventory(stage: &mut Stage) -> Result<String> {
    let (before, running) = (stage.agrees(HOST)?, stage.status(HOST)?);
    holds(stage, LIMIT)?;
    let held = stage.repository.read(&values())?;
    // Half a minute less to wait for what cannot become healthy.
    write_limit(stage, &held.replace("stack_wait: 90", "stack_wait: 60"), "0.01")?;
    stage.repository.push("Spend a cent a day")?;
    let began = Instant::now();
    let commit = stage.release("layouts")?;
    let status = stage.goes_back_from(HOST, &commit)?;
    let took = began.elapsed().as_secs_f64();
    ensure(status["commit"] == running["commit"], "not the last good commit runs", &status)?;
    ensure(status["health"] == "healthy", "the last good commit did not come up", &status)?;
    let told = status["last_error"].as_str().unwrap_or_default();
    ensure(told.contains("extractor"), "the failure is not told", &status)?;
    holds(stage, LIMIT)?;
    let after = stage.agrees(HOST)?;
    ensure(after.matched >= before.matched, "posts were lost", format!("{before} before, {after} after"))?;
    is_left_alone(stage)?;
    ensure(stage.status(HOST)? == status, "the commit was tried again", &status)?;

    write_limit(stage, &held, MENDED)?;
    stage.repository.push("Spend enough")?;
    let mended = stage.release("layouts")?;
    stage.arrives(HOST, &mended)?;
    holds(stage, MENDED)?;
    let now = stage.agrees(HOST)?;
    Ok(format!("back in {took:.0} s with the limit of before, {after}; the mended one arrived: {now}"))
}

/// What the timer starts, by hand: where the timer is at work itself, asked again.
fn is_left_alone(stage: &Stage) -> Result<()> {
    until("the timer leaves the commit alone", LEFT_ALONE, || {
        Ok(stage.host(HOST)?.ssh("garimpo/bin/garimpo-pull 2>&1 || true")?.contains("failed here before"))
    })
}

fn values() -> String {
    format!("ansible/inventories/{INVENTORY}/group_vars/all/garimpo.yml")
}

fn write_limit(stage: &Stage, held: &str, usd: &str) -> Result<()> {
    let limit = |usd: &str| format!("garimpo_daily_usd: {usd}\n");
    ensure(held.contains(&limit(LIMIT)), "the inventory has another limit", held)?;
    stage.repository.write(&values(), &held.replace(&limit(LIMIT), &limit(usd)))
}

/// The day's limit in the file Compose reads, and of the extractor that runs.
fn holds(stage: &Stage, usd: &str) -> Result<()> {
    let file = "sed -n s/^GARIMPO_DAILY_USD=//p garimpo/site.env";
    let runs = "docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' garimpo-extractor-1";
    let asked = format!("{file}; {runs} | sed -n s/^EXTRACTOR_BUDGET__DAILY_USD=//p");
    let found = stage.host(HOST)?.ssh(&asked)?;
    ensure(found.lines().eq([usd, usd]), "another limit holds", &found)
}

pub(super) fn host_off(stage: &mut Stage) -> Result<String> {
    stage.host(HOST)?.power_off()?;
    let commit = push_rule(stage, "vaccines", "(vacina OR vaccine) -is:nullcast")?;
    let began = Instant::now();
    stage.host(HOST)?.power_on()?;
    stage.arrives(HOST, &commit)?;
    let took: Duration = began.elapsed();
    let agreed = stage.agrees(HOST)?;
    Ok(format!("caught up {:.0} s after its start; {agreed}", took.as_secs_f64()))
}
