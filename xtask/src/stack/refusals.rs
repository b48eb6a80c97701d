//! A stack that cannot come up says what is wrong and what to do, and afterwards nothing is lost.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context, Result};
use sandbox::setup::Progress;

use super::down::take_down;
use super::findings::Findings;
use super::images;
use super::pins::{self, Pins};
use super::posts;
use super::project::volume_folder;
use super::test::Running;
use super::up::bring_up;

/// Takes the stack down, spoils one thing after another, and brings it up well again at the end.
pub(super) async fn play(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("A stack that cannot come up says why, and what to do");
    let before = posts::stored(running).await?;
    take_down(&running.project, false)?;
    let secrets = running.site.secrets();

    let gone = secrets.join("mysql_transformer");
    let aside = Aside::of(&gone)?;
    fs::remove_file(&gone)?;
    refused(
        running,
        findings,
        "a missing secret",
        &["missing secret: mysql_transformer", "bring the files back"],
    );
    aside.back()?;

    let port = running.site.port("GARIMPO_MYSQL_PORT", 3306)?;
    let other = TcpListener::bind(("127.0.0.1", port)).context("the port that was ours")?;
    refused(running, findings, "a port in use", &[&format!("port {port}"), "set GARIMPO_MYSQL_PORT"]);
    drop(other);

    pins(running, findings)?;

    let root = secrets.join("mysql_root");
    let aside = Aside::of(&root)?;
    fs::remove_file(&root)?;
    fs::write(&root, "of another server")?;
    refused(
        running,
        findings,
        "a volume of another MySQL server",
        &["another root password", "bring the secret mysql_root"],
    );
    aside.back()?;
    take_down(&running.project, false)?;

    let meta = volume_folder(&running.project, "kafka-data")?.join("meta.properties");
    let own = fs::read_to_string(&meta).with_context(|| format!("cannot read {}", meta.display()))?;
    let foreign = own
        .lines()
        .map(|line| if line.starts_with("cluster.id") { "cluster.id=YW5vdGhlci1jbHVzdGVyIQ" } else { line });
    overwrite(&meta, &(foreign.collect::<Vec<_>>().join("\n") + "\n"))?;
    refused(running, findings, "a volume of another Kafka cluster", &["another Kafka cluster", "CLUSTER_ID"]);
    take_down(&running.project, false)?;
    overwrite(&meta, &own)?;

    let containers = bring_up(&running.project, &running.site)?;
    let running = Running::of(&running.project, &running.site, &running.collection, containers)?;
    posts::holds(&running, findings, "after all of it", (&before, &[])).await
}

/// A digest that is none, and where pins are pulled one that is none of its registry's.
fn pins(running: &Running, findings: &mut Findings) -> Result<()> {
    const NAME: &str = "MYSQL_IMAGE";
    let pinned = Pins::read(&pins::file())?.0.remove(NAME).context("the pin file lacks MySQL's image")?;
    let file = running.site.file.with_file_name("wrong-pins.env");
    let short = &pinned[..pinned.len() - 1];
    fs::write(&file, fs::read_to_string(pins::file())?.replace(&pinned, short))?;
    let told = Pins::read(&file).map(|_| ());
    says(findings, "a pin file with a digest cut short", told, &[NAME, "wrong-pins.env", "64 hex digits"]);

    // The last file is what was decided on.
    let runs = running.project.environment.last().context("a project without images")?;
    if !fs::read_to_string(runs)?.lines().any(|line| line == format!("{NAME}={pinned}")) {
        println!("  left out: a digest its registry does not have (the pinned images are not pulled here)");
        return Ok(());
    }
    let other = if pinned.ends_with('0') { "1" } else { "0" };
    let told = images::pull(NAME, &format!("{short}{other}"), &Progress::to_stderr());
    says(findings, "a digest its registry does not have", told, &[NAME, "git log", "Nothing was started"]);
    Ok(())
}

fn refused(running: &Running, findings: &mut Findings, what: &str, words: &[&str]) {
    says(findings, what, bring_up(&running.project, &running.site).map(|_| ()), words);
}

fn says(findings: &mut Findings, what: &str, ended: Result<()>, words: &[&str]) {
    let told = ended.err().map_or("it came up".to_owned(), |error| format!("{error:#}"));
    let missing: Vec<&&str> = words.iter().filter(|word| !told.contains(**word)).collect();
    let last = told.lines().last().unwrap_or_default();
    if missing.is_empty() {
        findings.is(true, format!("{what}: {last}"));
    } else {
        findings.is(false, format!("{what}: lacks {missing:?} in {told}"));
    }
}

/// Of a file that is there: Linux lets not even root create over another user's in a folder that is open to all.
fn overwrite(file: &Path, text: &str) -> Result<()> {
    let mut open = fs::File::options().write(true).truncate(true).open(file)?;
    open.write_all(text.as_bytes()).with_context(|| format!("cannot write {}", file.display()))
}

/// A secret that is put back as it was.
struct Aside<'a> {
    file: &'a Path,
    text: String,
}

impl<'a> Aside<'a> {
    fn of(file: &'a Path) -> Result<Self> {
        Ok(Self { file, text: fs::read_to_string(file)? })
    }

    fn back(self) -> Result<()> {
        let _replaced = fs::remove_file(self.file);
        fs::write(self.file, self.text)?;
        fs::set_permissions(self.file, fs::Permissions::from_mode(0o444))?;
        Ok(())
    }
}
