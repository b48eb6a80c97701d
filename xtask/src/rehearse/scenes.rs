//! The scenes, in the order they are played: each leaves the hosts as well as it found them.

mod backups;
mod commands;
mod first;
mod hosts;
mod port;
mod pushes;
mod refusals;
mod releases;

use anyhow::{Result, bail};

use super::stage::{Stage, last};

/// One scene.
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) tells: &'static str,
    /// Others stand on it.
    pub(super) always: bool,
    /// Plays it; gives what was seen, in words.
    pub(super) play: fn(&mut Stage) -> Result<String>,
}

const fn scene(name: &'static str, tells: &'static str, play: fn(&mut Stage) -> Result<String>) -> Scene {
    Scene { name, tells, always: false, play }
}

pub(super) const SCENES: [Scene; 18] = [
    Scene { always: true, ..scene("first-deploy", "from a bare host to running services", first::deploy) },
    scene("idempotent", "a second run changes nothing", first::again),
    scene("rules", "a push that changes only rules arrives by the timer, without a new image", pushes::rules),
    scene("rollback", "a release that does not become healthy is rolled back", pushes::rollback),
    scene(
        "inventory",
        "an inventory that keeps a service from starting is rolled back, too",
        pushes::inventory,
    ),
    scene("refusals", "what is not right stops the deploy before anything is changed", refusals::all),
    scene("host-off", "a host that was off catches up", pushes::host_off),
    scene("certificates", "a new certificate without a restart", hosts::certificates),
    scene("mysql-port", "who comes in by MySQL's published port without root, and how", port::who_comes_in),
    scene("fleet", "what the hosts run, on one's own machine", commands::fleet),
    scene("rotate", "other passwords and another token, each by one command", commands::rotate),
    scene("backup", "a dump comes back and what came since is applied again", backups::restore),
    scene("lost-kafka", "Kafka's volume is lost and nothing is bought again", backups::lost_kafka),
    scene("lost-host", "MySQL and Kafka are lost together, and a dump brings both back", backups::lost_host),
    scene("upgrade", "Kafka by another digest: a backup first, and no way back", commands::upgrade),
    // After the restore: a restore reads an hour again, which the older release cannot where the newer one wrote.
    scene(
        "schema",
        "a release with a migration and a new schema version, and back",
        releases::across_a_migration,
    ),
    scene("three-hosts", "three hosts with a broker on each", hosts::three),
    scene("mirror", "a host without the token of X", hosts::mirror),
];

/// The one host of most scenes.
const HOST: &str = "lab-1";

/// What has to hold, with what was seen where it does not.
fn ensure(holds: bool, what: &str, seen: impl std::fmt::Display) -> Result<()> {
    if holds { Ok(()) } else { bail!("{what}: {seen}") }
}

/// Ansible breaks lines where it likes.
fn words(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Plays what has to be refused with these words, and sees that nothing was changed: containers and status stay as they are.
fn refused_by(stage: &mut Stage, playbook: &str, told: &[&str], extra: &[&str]) -> Result<()> {
    let before = (containers(stage)?, stage.status(HOST)?);
    let played = stage.play(playbook, extra)?;
    ensure(played.failed > 0, &format!("{playbook} was not refused"), told.join(", "))?;
    let said = words(&played.said);
    for words in told {
        ensure(said.contains(words), &format!("{words:?} is not said"), last(&played.said, 30))?;
    }
    ensure(played.changed == 0, "something was changed before it was refused", last(&played.said, 30))?;
    ensure(
        (containers(stage)?, stage.status(HOST)?) == before,
        "containers or status changed",
        told.join(", "),
    )
}

/// Our containers on a host, one a line: service and id.
fn containers(stage: &Stage) -> Result<Vec<String>> {
    let format = "{{.Label \"com.docker.compose.service\"}} {{.ID}}";
    let filter = "--filter label=com.docker.compose.project=garimpo";
    let listed = stage.host(HOST)?.ssh(&format!("docker ps --no-trunc {filter} --format '{format}'"))?;
    let mut listed: Vec<String> = listed.lines().map(str::to_owned).collect();
    listed.sort();
    Ok(listed)
}

/// A number out of the database of the host.
fn count(stage: &Stage, query: &str) -> Result<u64> {
    let mysql = "MYSQL_PWD=$(cat /run/secrets/mysql_root) mysql -uroot -N garimpo";
    let asked = format!("echo \"{query}\" | docker exec -i garimpo-mysql-1 sh -c '{mysql}'");
    Ok(stage.host(HOST)?.ssh(&asked)?.trim().parse()?)
}

/// Posts in the database.
fn posts(stage: &Stage) -> Result<u64> {
    count(stage, "SELECT COUNT(*) FROM tweet_rules")
}
