//! Backup and restore, and a Kafka whose volume is lost.

use std::time::Duration;

use anyhow::{Context, Result};

use super::{HOST, containers, count, ensure, first::one_host, posts, refused_by, words};
use crate::rehearse::{
    site::Source,
    stage::{INVENTORY, Stage, last, until},
};

/// Where dumps are kept.
const KEEPER: &str = "keeper";

const ARRIVAL: Duration = Duration::from_secs(120);

pub(super) fn restore(stage: &mut Stage) -> Result<String> {
    keep_elsewhere(stage)?;
    stage.agrees(HOST)?;
    let at_the_dump = posts(stage)?;
    stage.play_well("backup.yml", &[])?;
    let kept = stage.host(KEEPER)?.ssh(&format!("ls -t backups/{HOST}/*.sql.gz | head -n 1"))?;
    let dump = kept.rsplit('/').next().context("no dump off the host")?.to_owned();
    let told = stage.own(&["fleet", INVENTORY], "")?;
    ensure(
        told.contains(&format!("newest: {dump}")),
        "fleet does not tell the newest dump",
        last(&told, 60),
    )?;
    stage.host(HOST)?.ssh("rm backups/*.sql.gz")?;
    until("posts come after the dump", ARRIVAL, || Ok(posts(stage)? > at_the_dump))?;
    let deleted = delete_one(stage)?;
    let before = posts(stage)?;

    let keeper = stage.host(KEEPER)?.login();
    stage.host(HOST)?.ssh(&format!("rsync --archive {keeper}:backups/{HOST}/{dump} backups/"))?;
    refuses_half(stage, &dump)?;

    // The worst of it: rows are gone, and Kafka's offsets stand behind them.
    count(stage, "DELETE FROM tweet_rules; DELETE FROM batches; SELECT COUNT(*) FROM batches")?;
    let file = format!("backup_file=/home/garimpo/backups/{dump}");
    stage.play_well("restore.yml", &["--extra-vars", &file])?;
    ensure(is_deleted(stage, deleted)?, "a deletion was not followed again", deleted)?;
    let after = stage.agrees(HOST)?;
    ensure(posts(stage)? >= before, "posts were lost", after)?;
    Ok(format!(
        "{at_the_dump} rows of posts and rules in the dump, {before} before the restore; after it {after}; a deletion followed \
         again; half a dump refused; a push and the nightly dump waited for a play by hand"
    ))
}

/// Another machine that dumps are copied to, by a key of the host's own.
fn keep_elsewhere(stage: &mut Stage) -> Result<()> {
    let keeper = stage.add_host(KEEPER)?;
    let host = stage.host(HOST)?.clone();
    let key = host.ssh("test -f .ssh/id_ed25519 || ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519; cat .ssh/id_ed25519.pub")?;
    keeper.ssh(&format!("echo '{key}' >>.ssh/authorized_keys"))?;
    host.ssh(&format!("ssh -o StrictHostKeyChecking=accept-new {} true", keeper.login()))?;
    let target = format!("backup_target: {}:backups\n", keeper.login());
    stage.write_inventory(&one_host(&host.address), Source::X, &target)?;
    stage.repository.push("Keep dumps on another machine")?;
    arrives_after_a_hold(stage)?;
    stage.play_well("site.yml", &[]).map(drop)
}

/// While one play is at work, the timer deploys nothing and no other play begins.
fn arrives_after_a_hold(stage: &mut Stage) -> Result<()> {
    let host = stage.host(HOST)?.clone();
    host.ssh("echo 'the rehearsal' >garimpo/held && touch -d '+10 minutes' garimpo/held")?;
    let commit = stage.release("layouts")?;
    // The timer's own run may have the lock.
    until("garimpo-pull says who holds it", ARRIVAL, || {
        Ok(host.ssh("garimpo/bin/garimpo-pull")?.contains("held by the rehearsal"))
    })?;
    let dump = host.ssh("garimpo/bin/garimpo-backup 2>&1 || echo \"ended with $?\"")?;
    let kept_off = dump.contains("held by the rehearsal") && dump.contains("ended with 75");
    ensure(kept_off, "the nightly dump was made in the middle of a play", &dump)?;
    let refused = stage.play("deploy.yml", &[])?;
    let told = words(&refused.said).contains("is held by the rehearsal");
    ensure(refused.failed > 0 && told, "two plays at once", last(&refused.said, 30))?;
    let status = stage.status(HOST)?;
    ensure(status["commit"] != commit.as_str(), "the hold kept nothing off", &status)?;
    host.ssh("rm garimpo/held")?;
    stage.arrives(HOST, &commit).map(drop)
}

/// A dump that broke off is refused before anything is stopped or dropped.
fn refuses_half(stage: &mut Stage, dump: &str) -> Result<()> {
    let half = "backups/half.sql.gz";
    let cut = format!("head -c $(($(stat --format=%s backups/{dump}) / 2)) backups/{dump} >{half}");
    stage.host(HOST)?.ssh(&cut)?;
    let rows = posts(stage)?;
    let file = format!("backup_file=/home/garimpo/{half}");
    refused_by(stage, "restore.yml", &["is not whole"], &["--extra-vars", &file])?;
    ensure(posts(stage)? >= rows, "rows are gone", rows)?;
    stage.host(HOST)?.ssh(&format!("rm {half}")).map(drop)
}

/// Orders the deletion of a stored post, as an operator does; gives its id.
fn delete_one(stage: &mut Stage) -> Result<i64> {
    let id = i64::try_from(count(stage, "SELECT MIN(tweet_id) FROM tweet_rules")?)?;
    stage
        .host(HOST)?
        .ssh(&format!("docker exec garimpo-transformer-1 /bin/transformer compliance delete {id}"))?;
    stage.x.deleted.push(id);
    until("the deletion is followed", ARRIVAL, || is_deleted(stage, id))?;
    Ok(id)
}

fn is_deleted(stage: &Stage, id: i64) -> Result<bool> {
    let query =
        format!("SELECT COUNT(*) FROM tweets WHERE id = {id} AND deleted_at IS NOT NULL AND text IS NULL");
    Ok(count(stage, &query)? == 1)
}

/// What was bought a second time, in millionths of a dollar.
const BOUGHT_AGAIN: &str =
    "SELECT CAST(COALESCE(SUM(cost_usd_micros), 0) AS SIGNED) FROM batches WHERE refetched";

/// While it is there, no deploy starts the extractor.
const LEFT_OUT: &str = "garimpo/without-extractor";

fn is_let_in_again(stage: &Stage) -> Result<()> {
    let left = stage.host(HOST)?.ssh(&format!("ls {LEFT_OUT} 2>/dev/null || true"))?;
    ensure(left.trim().is_empty(), "later deploys leave the extractor out", left)
}

pub(super) fn lost_kafka(stage: &mut Stage) -> Result<String> {
    stage.agrees(HOST)?;
    let before = posts(stage)?;
    let host = stage.host(HOST)?;
    // First what keeps a deploy of the timer from starting the extractor on an empty Kafka.
    host.ssh(&format!("touch {LEFT_OUT} && docker stop garimpo-extractor-1 garimpo-transformer-1 garimpo-kafka-1 && docker rm garimpo-kafka-1 && docker volume rm garimpo_kafka-data"))
        .context("Kafka's volume could not be taken away")?;
    stage.play_well("cursors.yml", &[])?;
    is_let_in_again(stage)?;
    until("posts go on", ARRIVAL, || Ok(posts(stage)? > before))?;
    let bought_again = count(stage, BOUGHT_AGAIN)?;
    ensure(bought_again == 0, "pages were bought again, in millionths of a dollar", bought_again)?;
    let agreed = stage.agrees(HOST)?;
    Ok(format!("nothing bought again; {agreed}"))
}

/// As a host that is gone, but for its home: the dump is there already, as `backup` has one come back.
pub(super) fn lost_host(stage: &mut Stage) -> Result<String> {
    stage.agrees(HOST)?;
    let host = stage.host(HOST)?.clone();
    // What is bought after the dump is lost with the host: nothing is, so that nothing may be bought again.
    host.ssh("docker stop garimpo-extractor-1")?;
    host.ssh("docker exec garimpo-transformer-1 /bin/transformer offsets drained --within 60s")?;
    let before = posts(stage)?;
    let dump = dump(stage)?;
    let ours = "docker ps --all --quiet --filter label=com.docker.compose.project=garimpo";
    host.ssh(&format!(
        "{ours} | xargs docker stop && {ours} | xargs docker rm && docker volume rm garimpo_mysql-data garimpo_kafka-data"
    ))
    .context("the volumes could not be taken away")?;

    stage.play_well("site.yml", &["--extra-vars", "stack_without_extractor=true"])?;
    nobody_collects(stage)?;
    // The timer's deploy knows nothing of the play's variable.
    stage.repository.push("Push while nobody may collect")?;
    let commit = stage.release("layouts")?;
    stage.arrives(HOST, &commit)?;
    nobody_collects(stage)?;
    let told = stage.own(&["fleet", INVENTORY], "")?;
    ensure(told.contains(LEFT_OUT), "fleet does not tell that nobody collects", last(&told, 60))?;
    let file = format!("backup_file={dump}");
    // An extractor would start without cursors.
    refused_by(stage, "restore.yml", &["backup_kafka_lost=true"], &["--extra-vars", &file])?;
    stage.play_well("restore.yml", &["--extra-vars", &format!("{file} backup_kafka_lost=true")])?;
    is_let_in_again(stage)?;
    let agreed = stage.agrees(HOST)?;
    let after = posts(stage)?;
    ensure(after >= before, "posts were lost", format!("{before} before, {after} after"))?;
    let bought_again = count(stage, BOUGHT_AGAIN)?;
    ensure(bought_again == 0, "pages were bought again, in millionths of a dollar", bought_again)?;
    Ok(format!("{before} rows of posts and rules before, {after} after, nothing bought again; {agreed}"))
}

/// No extractor runs, and none has run.
fn nobody_collects(stage: &Stage) -> Result<()> {
    let running = containers(stage)?;
    let collects = running.iter().any(|line| line.starts_with("extractor "));
    ensure(
        !collects && posts(stage)? == 0,
        "somebody collects, or posts are there already",
        running.join(", "),
    )
}

/// A dump made now; its path on the host.
pub(super) fn dump(stage: &mut Stage) -> Result<String> {
    stage.play_well("backup.yml", &[])?;
    let newest = stage.host(HOST)?.ssh("ls -t ~/backups/garimpo-*.sql.gz | head -n 1")?;
    Ok(newest.trim().to_owned())
}
