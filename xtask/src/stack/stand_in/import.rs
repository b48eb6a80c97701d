//! A folder as an image: imported once, tagged by what it holds.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::super::engine::docker;
use super::super::images::is_here;
use super::super::run::output;
use super::{Kitchen, Made};

/// An image to be.
pub(super) struct Recipe<'a> {
    /// The last part of its name.
    pub(super) name: &'a str,
    /// What it is, for people.
    pub(super) about: &'a str,
    /// `CMD …`, `ENV …`: as docker import takes them.
    pub(super) changes: &'a [String],
}

/// Imports `root` unless an image of the same content is there.
pub(super) fn import(kitchen: &Kitchen<'_>, root: &Path, recipe: &Recipe<'_>) -> Result<Made> {
    let image = format!("garimpo-stand-in/{}:{}", recipe.name, content(root, recipe.changes)?);
    let made = Made { image: image.clone(), about: format!("{}, a stand-in made here", recipe.about) };
    let step = kitchen.progress.step(recipe.name);
    if is_here(&image) {
        step.nothing_to_do();
        return Ok(made);
    }
    step.say(&format!("importing {image}"));
    let mut tar = Command::new("tar");
    // Every file is root's, and nothing else differs between two machines.
    tar.args([
        "--numeric-owner",
        "--owner=0",
        "--group=0",
        "--sort=name",
        "--exclude=./.manifest.json",
        "-C",
    ]);
    let mut tar =
        tar.arg(root).args(["-c", "."]).stdout(Stdio::piped()).spawn().context("tar cannot be started")?;
    let archive = tar.stdout.take().context("no output of tar")?;
    let mut import = docker(&["import"]);
    for change in recipe.changes {
        import.args(["--change", change]);
    }
    let imported =
        import.args(["-", &image]).stdin(archive).output().context("docker import cannot be started")?;
    let packed = tar.wait()?;
    if !imported.status.success() || !packed.success() {
        bail!("{image} cannot be imported: {}", String::from_utf8_lossy(&imported.stderr).trim());
    }
    step.done(&format!("{image}: {}", recipe.about));
    Ok(made)
}

/// Twelve hex digits of the manifest the cache wrote of the folder, and of the image's settings.
fn content(root: &Path, changes: &[String]) -> Result<String> {
    let manifest = root.join(".manifest.json");
    let mut sum = Command::new("sha256sum");
    sum.arg(&manifest);
    let sum = output(sum).with_context(|| format!("{} has no manifest", root.display()))?;
    let mut hash = Command::new("sh");
    hash.args([
        "-c",
        "printf %s \"$1\" | sha256sum",
        "sh",
        &format!("{}{}", &sum[..64.min(sum.len())], changes.join("\n")),
    ]);
    Ok(output(hash)?.chars().take(12).collect())
}

/// A folder of the image that any user may write to, as the pinned image has it for its own.
pub(super) fn open_folder(root: &Path, path: &str) -> Result<()> {
    let folder = root.join(path);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o1777))?;
    Ok(())
}

/// A file of the image, with its folder.
pub(super) fn write(root: &Path, path: &str, text: &str, mode: u32) -> Result<()> {
    let file = root.join(path);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    fs::set_permissions(&file, fs::Permissions::from_mode(mode))?;
    Ok(())
}
