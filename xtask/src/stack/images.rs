//! Which images the stack runs: the pinned ones where they can be pulled, else stand-ins made here.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use sandbox::setup::{Cache, Lock, Progress, forget_packages};

use super::engine::docker;
use super::pins::{Pins, is_placeholder};
use super::run::{output, succeeds, watched};
use super::stand_in::{self, Kitchen};

/// For one pull to begin: without a network it would try for minutes.
const PULL_LIMIT: &str = "600";
const REACH_LIMIT: &str = "30";

/// Where images come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Choice {
    /// Pinned ones where their registry can be reached, else stand-ins; ours are built here before their first release.
    #[default]
    Auto,
    /// The pinned ones or nothing.
    Pinned,
    /// Stand-ins made here.
    StandIns,
}

/// The images that were decided on.
#[derive(Debug, Clone)]
pub(super) struct Images {
    /// Compose reads it after everything else.
    pub(super) file: PathBuf,
    /// By variable: what Compose runs.
    pub(super) names: BTreeMap<String, String>,
    /// By variable: what runs, in words.
    pub(super) told: BTreeMap<String, String>,
}

/// Pulls or makes the images of `variables`, and writes the local pin file where stand-ins are among them.
pub(super) fn provide(
    (cache, lock): (&Cache, &Lock),
    pins: &Pins,
    variables: &[&str],
    choice: Choice,
    progress: &Progress,
) -> Result<Images> {
    let mut images = BTreeMap::new();
    let mut told = BTreeMap::new();
    let use_pins = match choice {
        Choice::Pinned => true,
        Choice::StandIns => false,
        Choice::Auto => can_be_pulled(pins, variables, progress)?,
    };
    let kitchen = Kitchen { cache, lock, progress };
    for variable in variables {
        let pinned = pins.0.get(*variable).with_context(|| format!("the pin file lacks {variable}"))?;
        if use_pins && !is_placeholder(pinned) {
            pull(variable, pinned, progress)?;
            images.insert(*variable, pinned.clone());
            told.insert((*variable).to_owned(), format!("{pinned}, as pinned"));
            continue;
        }
        if choice == Choice::Pinned {
            bail!(
                "{variable} was never released: its digest in compose/pins.env is still the one of zeros; leave --images out"
            );
        }
        let made = stand_in::make(variable, &kitchen)?;
        images.insert(*variable, made.image);
        told.insert((*variable).to_owned(), made.about);
    }
    // What was unpacked is complete; the packages themselves are not needed again.
    forget_packages(cache, "sid")?;
    let file = cache.path("stack-pins.env");
    write(&file, &images)?;
    let names = images.into_iter().map(|(variable, image)| (variable.to_owned(), image)).collect();
    Ok(Images { file, names, told })
}

fn write(file: &Path, images: &BTreeMap<&str, String>) -> Result<()> {
    let mut text =
        "# Written by `cargo xtask stack`: what runs here in place of compose/pins.env.\n".to_owned();
    for (variable, image) in images {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{variable}={image}");
    }
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// Whether the first image that was ever pushed is here or can be asked for.
fn can_be_pulled(pins: &Pins, variables: &[&str], progress: &Progress) -> Result<bool> {
    let mut pushed = variables.iter().filter_map(|variable| Some((*variable, pins.0.get(*variable)?)));
    let Some((variable, image)) = pushed.find(|(_, image)| !is_placeholder(image)) else { return Ok(false) };
    if is_here(image) {
        return Ok(true);
    }
    let step = progress.step("images");
    step.say(&format!("asking the registry of {image}"));
    let mut ask = Command::new("timeout");
    ask.args([REACH_LIMIT, "docker", "pull", "--quiet", image]);
    match output(ask) {
        Ok(_) => {
            step.done("the pinned images can be pulled");
            Ok(true)
        }
        Err(error) => match why(&error.to_string()) {
            Refusal::Unreachable => {
                step.done("no registry can be reached from here: stand-ins are made of what the package registries have");
                Ok(false)
            }
            Refusal::NoSuchImage => Err(wrong_digest(variable, image)),
            Refusal::Other => Err(error),
        },
    }
}

/// Pulls one that is not here.
pub(super) fn pull(variable: &str, image: &str, progress: &Progress) -> Result<()> {
    if is_here(image) {
        return Ok(());
    }
    let step = progress.step(variable);
    step.say(&format!("pulling {image}"));
    let mut pull = Command::new("timeout");
    pull.args([PULL_LIMIT, "docker", "pull", image]);
    match watched(pull, |line| step.tell(line)) {
        Ok(()) => {
            step.done(&format!("pulled {image}"));
            Ok(())
        }
        Err(failed) if why(&failed.said) == Refusal::NoSuchImage => Err(wrong_digest(variable, image)),
        Err(failed) => Err(failed).with_context(|| format!("{variable} cannot be pulled")),
    }
}

/// Whether the engine holds it.
pub(super) fn is_here(image: &str) -> bool {
    succeeds(docker(&["image", "inspect", image]))
}

fn wrong_digest(variable: &str, image: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{variable} in compose/pins.env names an image its registry does not have: {image}. The digest is wrong, or was \
         removed there: take the last good pin file back (git log compose/pins.env), or the digest the registry gives the tag \
         (docker buildx imagetools inspect NAME:TAG). Nothing was started or changed"
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Unreachable,
    NoSuchImage,
    Other,
}

/// Why an image could not be pulled, by the engine's words.
fn why(said: &str) -> Refusal {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if has(&[
        "manifest unknown",
        "not found: manifest",
        "does not match digest",
        "unexpected digest",
        "not found",
    ]) {
        Refusal::NoSuchImage
    } else if has(&[
        "dial tcp",
        "no such host",
        "i/o timeout",
        "connection refused",
        "TLS handshake",
        "Forbidden",
        "exit status: 124",
        "context deadline",
        "proxyconnect",
        "x509",
        "EOF",
        "request canceled",
    ]) {
        Refusal::Unreachable
    } else {
        Refusal::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digest_is_told_from_a_registry_out_of_reach() {
        let told = [
            (
                "Error response from daemon: manifest for mysql@sha256:00 not found: manifest unknown: manifest unknown",
                Refusal::NoSuchImage,
            ),
            (
                "Error response from daemon: Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
                Refusal::Unreachable,
            ),
            ("docker ended with exit status: 124", Refusal::Unreachable),
            ("Error response from daemon: unauthorized: authentication required", Refusal::Other),
        ];
        for (said, refusal) in told {
            assert_eq!(why(said), refusal, "{said}");
        }
        let told = wrong_digest("MYSQL_IMAGE", "mysql:8.4.11@sha256:00").to_string();
        assert!(
            told.contains("MYSQL_IMAGE") && told.contains("git log") && told.contains("Nothing was started"),
            "{told}"
        );
    }
}
