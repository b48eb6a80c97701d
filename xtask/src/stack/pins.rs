//! The pin file: every image by tag and digest.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cargo;

/// Names of images with their references, as a pin file gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pins(pub(super) BTreeMap<String, String>);

/// The repository's own.
pub(super) fn file() -> PathBuf {
    cargo::root().join("compose/pins.env")
}

impl Pins {
    /// Reads and checks the repository's pin file.
    ///
    /// # Errors
    /// A line that is no pin: which, why, and what it has to be.
    pub(super) fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} cannot be used", file.display()))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut pins = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, reference) = line.split_once('=').unwrap_or((line, ""));
            if let Err(why) = check(reference) {
                bail!(
                    "line {}: {name} {why}: write name:tag@sha256: and the 64 hex digits its registry gives the tag",
                    at + 1
                );
            }
            pins.insert(name.to_owned(), reference.to_owned());
        }
        Ok(Self(pins))
    }
}

/// Whether this stands for an image that was never pushed.
pub(super) fn is_placeholder(reference: &str) -> bool {
    reference.split_once("@sha256:").is_some_and(|(_, digest)| digest.bytes().all(|byte| byte == b'0'))
}

fn check(reference: &str) -> Result<(), String> {
    let (name, digest) = reference.split_once("@sha256:").ok_or("has no digest")?;
    if digest.len() != 64 || !digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(format!("has the digest {digest:?}, which is none"));
    }
    // A colon before the last slash is a registry's port.
    let tag = name.rsplit('/').next().and_then(|last| last.split_once(':')).map(|(_, tag)| tag);
    match tag {
        None | Some("") => Err("has no tag".to_owned()),
        Some("latest") => Err("has the tag latest, which says nothing".to_owned()),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "b3b90af2a6552ae30c266fdb7d5dd55f3afb72404bb78d37fe8a23eb857fd3fb";

    #[test]
    fn every_published_reference_is_a_tag_with_a_digest() {
        let pins = Pins::read(&file()).unwrap();
        assert!(pins.0.len() >= 10);
        let ours: Vec<&String> =
            pins.0.iter().filter(|(_, image)| image.contains("garimpo/")).map(|(name, _)| name).collect();
        assert_eq!(ours, ["EXTRACTOR_IMAGE", "SIMULATOR_IMAGE", "TRANSFORMER_IMAGE"]);
    }

    #[test]
    fn what_is_no_pin_is_refused_with_its_line_and_what_it_has_to_be() {
        for (reference, why) in [
            (format!("mysql@sha256:{DIGEST}"), "has no tag"),
            ("mysql:8.4.11".to_owned(), "has no digest"),
            (format!("mysql:latest@sha256:{DIGEST}"), "the tag latest"),
            (format!("mysql:8.4.11@sha256:{}", &DIGEST[1..]), "which is none"),
            (format!("localhost:5000/mysql@sha256:{DIGEST}"), "has no tag"),
        ] {
            let refused = Pins::parse(&format!("# pins\nMYSQL_IMAGE={reference}\n")).unwrap_err().to_string();
            assert!(refused.contains(why) && refused.contains("line 2: MYSQL_IMAGE"), "{refused}");
        }
    }

    #[test]
    fn the_digest_of_zeros_stands_for_an_image_that_was_never_pushed() {
        assert!(is_placeholder(&format!("ghcr.io/garimpo/extractor:0.1.0@sha256:{}", "0".repeat(64))));
        assert!(!is_placeholder(&format!("mysql:8.4.11@sha256:{DIGEST}")));
    }

    #[test]
    fn every_layer_takes_its_images_from_the_pin_file_alone() {
        let pins = Pins::read(&file()).unwrap();
        for layer in crate::stack::project::LAYERS {
            let text = fs::read_to_string(cargo::root().join("compose").join(layer.file())).unwrap();
            for line in text.lines().filter_map(|line| line.trim().strip_prefix("image: ")) {
                let name =
                    line.strip_prefix("${").and_then(|rest| rest.split(':').next()).unwrap_or_default();
                assert!(pins.0.contains_key(name), "{}: {line}", layer.file());
            }
        }
    }
}
