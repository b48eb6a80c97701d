//! Our own images: by Nix where it is at hand, else the static program and the machine's CA certificates, imported.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::super::engine::docker;
use super::super::run::{output, watched};
use super::import::{Recipe, import, write};
use super::{Kitchen, Made};
use crate::cargo::{self, cargo};
use crate::nix::place::Place;

/// A folder of Nix's image archives (`extractor.tar` …) that were built elsewhere on this machine, as CI does.
const ARCHIVES: &str = "GARIMPO_NIX_IMAGES";
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";
const PROGRAMS: [&str; 3] = ["extractor", "transformer", "simulator"];

pub(super) fn make(name: &str, kitchen: &Kitchen<'_>) -> Result<Made> {
    let archive = std::env::var_os(ARCHIVES).map(|folder| PathBuf::from(folder).join(format!("{name}.tar")));
    if let Some(archive) = archive.filter(|archive| archive.is_file()) {
        let mut load = Command::new("docker");
        load.args(["load", "--quiet", "--input"]).arg(archive);
        return loaded(&output(load)?);
    }
    match by_nix(name, kitchen)? {
        Some(told) => loaded(&told),
        None => imported(name, kitchen),
    }
}

/// By the flake, where Nix and what it needs are at hand; none where they are not.
fn by_nix(name: &str, kitchen: &Kitchen<'_>) -> Result<Option<String>> {
    if name == "simulator" {
        return Ok(None);
    }
    let step = kitchen.progress.step(name);
    step.say("looking for Nix and its package set");
    let place = match Place::find()? {
        Ok(place) => place,
        Err(missing) => {
            step.done(&format!("built by cargo, not by Nix: {missing}"));
            return Ok(None);
        }
    };
    step.say(&format!("building the image by {place}"));
    let image = format!(".#{name}-image");
    let built = output(place.command(&["build", "--no-link", "--print-out-paths", &image]));
    let mut load = Command::new("sh");
    // The output is a program that writes the image.
    load.args(["-c", "\"$1\" | docker load --quiet", "sh"]);
    let told = built.and_then(|script| {
        load.arg(script);
        output(load)
    });
    Ok(match told {
        Ok(told) => {
            step.nothing_to_do();
            Some(told)
        }
        Err(error) => {
            step.done(&format!("Nix is here and cannot build it, so cargo does: {error:#}"));
            None
        }
    })
}

/// What docker load says, by the image's id: its tag says nothing about what is in it.
fn loaded(told: &str) -> Result<Made> {
    let name = told.rsplit(": ").next().unwrap_or_default().trim();
    let id = output(docker(&["image", "inspect", "--format", "{{.Id}}", name]))?;
    Ok(Made { about: format!("{name}, built by Nix"), image: id })
}

fn imported(name: &str, kitchen: &Kitchen<'_>) -> Result<Made> {
    let built = build(kitchen)?;
    let root = kitchen.cache.path(&format!("stack-{name}"));
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    let program = root.join("bin").join(name);
    fs::create_dir_all(root.join("bin"))?;
    fs::copy(built.join(name), &program).with_context(|| format!("{name} was not built"))?;
    let certificates = fs::read_to_string(CERTIFICATES)
        .with_context(|| format!("{CERTIFICATES} cannot be read: install ca-certificates"))?;
    write(&root, "etc/ssl/certs/ca-certificates.crt", &certificates, 0o644)?;
    let mut sum = Command::new("sha256sum");
    sum.arg(&program);
    // Where an image is told from another: here by the program alone.
    write(&root, ".manifest.json", &output(sum)?, 0o644)?;
    let about = format!("the static program `{name}` and CA certificates, not built by Nix");
    let changes = [format!("ENTRYPOINT [\"/bin/{name}\"]"), "USER 65532:65532".to_owned()];
    import(kitchen, &root, &Recipe { name, about: &about, changes: &changes })
}

/// All three at once, optimised, linked against nothing; returns where they lie.
fn build(kitchen: &Kitchen<'_>) -> Result<PathBuf> {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let step = kitchen.progress.step("services");
    step.say("building the services, optimised and static");
    let mut arguments = vec!["build", "--release", "--locked", "--target", &target];
    for program in PROGRAMS {
        arguments.extend(["--package", program]);
    }
    arguments.push("--bins");
    let mut command = cargo(&arguments);
    // With --target, build scripts and macros are left out of it.
    command.env("RUSTFLAGS", "-C target-feature=+crt-static").stdout(Stdio::null());
    watched(command, |line| step.tell(line.trim()))?;
    step.nothing_to_do();
    Ok(target_folder()?.join(target).join("release"))
}

fn target_folder() -> Result<PathBuf> {
    let own = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    Ok(own.unwrap_or_else(|| cargo::root().join("target")))
}
