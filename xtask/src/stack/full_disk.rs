//! Kafka's disk runs full under load: it is said, and after room is made everything arrives.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::down::take_down;
use super::engine::docker;
use super::findings::Findings;
use super::project::volume_folder;
use super::run::output;
use super::test::Running;
use super::up::{bring_up, is_well};
use super::{containers, diagnose, posts, scenes, telemetry};

const BYTES: u64 = 400 << 20;
const FALLS: Duration = Duration::from_secs(90);
const BACK: Duration = Duration::from_secs(180);
const VOLUME: &str = "kafka-data";

/// Moves Kafka's volume to a small disk of its own, and fills that. Needs a loop device.
pub(super) async fn play(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("Kafka's disk is full");
    let before = posts::stored(running).await?;
    take_down(&running.project, false)?;
    let folder = running.site.file.parent().context("the site's folder")?;
    let Some(disk) = SmallDisk::make(folder)? else {
        println!("  left out: no loop device can be mounted on this machine");
        return Ok(());
    };
    move_volume(running, &disk.folder)?;
    let containers = bring_up(&running.project, &running.site)?;
    let running = Running::of(&running.project, &running.site, &running.collection, containers)?;
    posts::holds(&running, findings, "on a small disk", (&before, &[])).await?;

    let filler = disk.folder.join("filler");
    // Ends with an error at the last free block.
    let _full = Command::new("dd")
        .args(["if=/dev/zero", "bs=1M", "status=none"])
        .arg(format!("of={}", filler.display()))
        .output()?;
    let new = scenes::insert(&running, 9).await?;
    let mut told = String::new();
    let fallen = telemetry::until(FALLS, async || {
        told = format!("{:#}", diagnose::error(&running.project, ""));
        told.contains("the disk is full")
    })
    .await;
    findings.is(fallen, format!("Kafka cannot go on: {}", told.lines().last().unwrap_or_default()));

    fs::remove_file(&filler).with_context(|| format!("cannot remove {}", filler.display()))?;
    let back = telemetry::until(BACK, async || is_healthy(&running)).await;
    findings.is(back, "with room made, Kafka is healthy again by itself");
    posts::holds(&running, findings, "after the disk was full", (&before, &new)).await?;
    running.rows.close().await;
    // The disk goes with this scene, and so has everything on it.
    take_down(&running.project, true)
}

fn is_healthy(running: &Running) -> bool {
    containers::of(&running.project).is_ok_and(|all| containers::service(&all, "kafka").is_ok_and(is_well))
}

/// Everything Kafka holds, in a volume of the same name that lies in `folder`.
fn move_volume(running: &Running, folder: &Path) -> Result<()> {
    let mut copy = Command::new("cp");
    // Indexes are files of 10 MB with little in them.
    copy.args(["--archive", "--sparse=always"])
        .arg(volume_folder(&running.project, VOLUME)?.join("."))
        .arg(folder);
    output(copy)?;
    let name = running.project.volume(VOLUME);
    output(docker(&["volume", "rm", &name]))?;
    let device = format!("device={}", folder.display());
    let project = format!("com.docker.compose.project={}", running.project.name);
    let words =
        ["volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", &device, "--label", &project];
    let mut create = docker(&words);
    create.args(["--label", &format!("com.docker.compose.volume={VOLUME}"), &name]);
    output(create).map(|_| ())
}

/// A file system in a file, mounted; dropped, it is gone.
struct SmallDisk {
    image: PathBuf,
    folder: PathBuf,
}

impl SmallDisk {
    /// None where this machine mounts no loop devices.
    fn make(folder: &Path) -> Result<Option<Self>> {
        let disk = Self { image: folder.join("small.img"), folder: folder.join("small") };
        disk.remove();
        fs::create_dir_all(&disk.folder)?;
        fs::File::create(&disk.image).and_then(|file| file.set_len(BYTES)).context("an image of a disk")?;
        let mut make = Command::new("mkfs.ext4");
        make.args(["-q", "-F", "-m", "0"]).arg(&disk.image);
        let mut mount = Command::new("mount");
        mount.args(["-o", "loop"]).arg(&disk.image).arg(&disk.folder);
        if output(make).is_err() || output(mount).is_err() {
            return Ok(None);
        }
        // Kafka takes every folder beside its own for a partition.
        fs::remove_dir(disk.folder.join("lost+found"))?;
        Ok(Some(disk))
    }

    fn remove(&self) {
        let mut umount = Command::new("umount");
        // Absent but after a test that was killed.
        let _absent = output({
            // Lazily: where the scene failed, containers may still use it.
            umount.arg("--lazy").arg(&self.folder);
            umount
        });
        let _absent = fs::remove_file(&self.image);
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.remove();
    }
}
