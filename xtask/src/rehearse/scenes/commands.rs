//! What people call on their own machine: `fleet`, `rotate`, `upgrade.yml`.

use std::{fs, time::Duration};

use anyhow::{Context, Result};

use super::{HOST, containers, ensure, refused_by};
use crate::rehearse::{
    host::docker,
    images,
    stage::{INVENTORY, Stage, last, until},
    x::TOKENS,
};

/// A timer's interval and its play.
const ARRIVAL: Duration = Duration::from_secs(120);
/// Of a Prometheus that is away.
const SILENT: &str = "Prometheus does not answer";
/// Of MySQL, given after its certificate was made.
const NAME: &str = "posts.example.org";

pub(super) fn fleet(stage: &mut Stage) -> Result<String> {
    let (before, running) = (stage.status(HOST)?, containers(stage)?);
    let told = stage.own(&["fleet", INVENTORY], "")?;
    let commit = before["commit"].as_str().context("a status without a commit")?;
    let digest = before["pins"]["EXTRACTOR_IMAGE"].as_str().context("a status without pins")?;
    for word in [HOST, commit, digest, "healthy", "last_deploy", "last_error", "extractor: Up", "mysql: Up"] {
        ensure(told.contains(word), &format!("{word:?} is not told"), last(&told, 60))?;
    }
    // What rings here is the machine's affair; `[]` is a host without a Prometheus.
    let read = told.contains("alerts:\n") && !told.contains(SILENT);
    ensure(read, "the alerts were not read", last(&told, 60))?;
    without_prometheus(stage)?;
    without_the_repository(stage)?;
    // What people type on the host calls Compose as the deploy did, so nothing is to be made anew.
    stage.host(HOST)?.ssh("garimpo/bin/garimpo-compose up --no-start")?;
    ensure((stage.status(HOST)?, containers(stage)?) == (before, running), "something was changed", &told)?;
    Ok("commit, digests, health, last deploy and last error of the host, its alerts, a Prometheus and a repository that do not \
        answer; nothing changed"
        .to_owned())
}

/// The report does not end with it.
fn without_prometheus(stage: &Stage) -> Result<()> {
    let host = stage.host(HOST)?;
    host.ssh("docker stop garimpo-prometheus-1")?;
    let told = stage.own(&["fleet", INVENTORY], "")?;
    host.ssh("docker start garimpo-prometheus-1")?;
    ensure(told.contains(SILENT) && told.contains("mysql: Up"), "its silence is not told", last(&told, 60))
}

/// A host that cannot fetch says so until it can.
fn without_the_repository(stage: &Stage) -> Result<()> {
    let bare = &stage.repository.bare;
    let away = bare.with_extension("away");
    fs::rename(bare, &away)?;
    until("fleet tells of a host that cannot fetch", ARRIVAL, || {
        let told = stage.own(&["fleet", INVENTORY], "")?;
        Ok(told.contains("garimpo.git does not answer") && told.contains("timer: exit-code at"))
    })?;
    fs::rename(&away, bare)?;
    until("a run that fetches takes the refusal away", ARRIVAL, || {
        Ok(stage.host(HOST)?.ssh("ls garimpo/refused 2>/dev/null || true")?.is_empty())
    })
}

pub(super) fn rotate(stage: &mut Stage) -> Result<String> {
    let running = containers(stage)?;
    // With the same push, so that it is waited for once: a name by which clients shall find MySQL, too.
    let inventory = format!("ansible/inventories/{INVENTORY}/group_vars/all/garimpo.yml");
    let named = stage.repository.read(&inventory)?.replace("localhost,", &format!("localhost, {NAME},"));
    stage.repository.write(&inventory, &named)?;
    stage.repository.push("Give MySQL a name")?;
    // As after a release, whose pin commit is on the server alone.
    stage.repository.git(["reset", "--quiet", "--hard", "HEAD^"])?;
    stage.own(&["rotate", "--inventory", INVENTORY, "--push", "passwords"], "")?;
    let commit = stage.release("layouts")?;
    stage.arrives(HOST, &commit)?;
    let others = anew(stage, &running)?;
    ensure(others == ["transformer"], "others than the transformer were made anew", others.join(", "))?;
    let passwords = stage.agrees(HOST)?;
    let told = stage.own(&["rotate", "--inventory", INVENTORY, "certificates"], "")?;
    ensure(told.contains(NAME), "the certificate did not get another name", last(&told, 30))?;

    let running = containers(stage)?;
    stage.own(&["rotate", "--inventory", INVENTORY, "--push", "x-token"], TOKENS[1])?;
    let commit = stage.release("layouts")?;
    stage.arrives(HOST, &commit)?;
    let others = anew(stage, &running)?;
    ensure(others == ["extractor"], "others than the extractor were made anew", others.join(", "))?;
    let token = stage.agrees(HOST)?;
    Ok(format!(
        "with other passwords {passwords}; the certificate with another name; with another token {token}"
    ))
}

/// Services whose containers are others than before.
fn anew(stage: &Stage, before: &[String]) -> Result<Vec<String>> {
    let now = containers(stage)?.into_iter().filter(|line| !before.contains(line));
    Ok(now.map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect())
}

/// Kafka by another digest: the same program, which is enough to be told from the one that runs.
pub(super) fn upgrade(stage: &mut Stage) -> Result<String> {
    let running = stage.status(HOST)?;
    let container = docker(["create", stage.images.of("KAFKA_IMAGE")?]).text()?;
    let image = "garimpo-rehearse/kafka:next";
    docker(["commit", "--change", "LABEL garimpo.rehearsal=next", &container, image]).text()?;
    docker(["rm", &container]).text()?;
    let pin = images::push(image, &format!("{}/kafka", stage.registry_address), "next")?;
    stage.write_pin("KAFKA_IMAGE", &pin)?;
    stage.repository.push("Move Kafka")?;
    // Hosts do not get it yet.
    refused_by(stage, "upgrade.yml", &["Nothing to upgrade"], &[])?;
    let commit = stage.release("layouts")?;

    let refused = stage.play("deploy.yml", &[])?;
    ensure(refused.failed > 0, "a deploy moved Kafka", last(&refused.said, 30))?;
    for word in ["KAFKA_IMAGE differs from what runs", "upgrade.yml"] {
        ensure(refused.said.contains(word), &format!("{word:?} is not said"), last(&refused.said, 30))?;
    }
    ensure(stage.status(HOST)?["commit"] == running["commit"], "another commit runs", &refused.said)?;

    // The host's timer tried it as well, and a person sees why it does not come.
    until("fleet tells what the timer was refused", ARRIVAL, || {
        let told = stage.own(&["fleet", INVENTORY], "")?;
        Ok(told.contains(&format!("{commit} was refused")) && told.contains("differs from what runs"))
    })?;

    let dumps = "ls backups/*.sql.gz 2>/dev/null | wc -l";
    let before: u32 = stage.host(HOST)?.ssh(dumps)?.trim().parse()?;
    stage.play_well("upgrade.yml", &[])?;
    let after: u32 = stage.host(HOST)?.ssh(dumps)?.trim().parse()?;
    ensure(after == before + 1, "no backup was made first", after)?;
    let status = stage.status(HOST)?;
    ensure(status["commit"] == commit.as_str(), "another commit runs", &status)?;
    ensure(status["pins"]["KAFKA_IMAGE"] == pin.as_str(), "another Kafka runs", &status)?;
    let image = stage.host(HOST)?.ssh("docker inspect --format '{{.Config.Image}}' garimpo-kafka-1")?;
    ensure(image.trim() == pin, "another Kafka runs", &image)?;
    Ok(format!(
        "nothing to upgrade before the release; a deploy refuses it, upgrade.yml makes a backup first; {}",
        stage.agrees(HOST)?
    ))
}
