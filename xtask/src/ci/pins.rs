//! The pin file: which image runs, by tag and digest. Pure.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// Where it lies.
pub(super) const FILE: &str = "compose/pins.env";

/// The references by name.
pub(super) fn read(text: &str) -> BTreeMap<&str, &str> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('=')).collect()
}

/// The file with other references in the place of those of the same names; all else stays as it is.
pub(super) fn with(text: &str, fresh: &BTreeMap<String, String>) -> Result<String> {
    let held = read(text);
    if let Some(unknown) = fresh.keys().find(|name| !held.contains_key(name.as_str())) {
        bail!("{FILE} has no line {unknown}");
    }
    let line = |line: &str| match line.split_once('=').and_then(|(name, _)| fresh.get_key_value(name)) {
        Some((name, reference)) => format!("{name}={reference}\n"),
        None => format!("{line}\n"),
    };
    Ok(text.lines().map(line).collect())
}

/// References out of lines `NAME=repository:tag@sha256:…`; anything else is refused, a tag alone above all.
pub(super) fn parse(lines: &str) -> Result<BTreeMap<String, String>> {
    let mut pins = BTreeMap::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let Some((name, reference)) = line.split_once('=').filter(|(_, reference)| is_pinned(reference))
        else {
            bail!("no pin: {line}");
        };
        pins.insert(name.to_owned(), reference.to_owned());
    }
    Ok(pins)
}

fn is_pinned(reference: &str) -> bool {
    reference.split_once("@sha256:").is_some_and(|(tagged, digest)| {
        let tag = tagged.rsplit_once('/').and_then(|(_, name)| name.split_once(':'));
        tag.is_some_and(|(_, tag)| !tag.is_empty() && tag != "latest")
            && digest.len() == 64
            && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The tag of a reference: of ours, the commit it was built from.
pub(super) fn tag(reference: &str) -> Option<&str> {
    let (tagged, _) = reference.split_once('@')?;
    Some(tagged.rsplit_once('/')?.1.split_once(':')?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Ours.\nMYSQL_IMAGE=docker.io/library/mysql:8.4.11@sha256:00\n\nEXTRACTOR_IMAGE=ghcr.io/g/extractor:abc@sha256:11\n";

    fn one(name: &str, reference: &str) -> BTreeMap<String, String> {
        [(name.to_owned(), reference.to_owned())].into()
    }

    #[test]
    fn only_the_named_lines_change() {
        let fresh = one("EXTRACTOR_IMAGE", "ghcr.io/g/extractor:def@sha256:22");
        let text = with(TEXT, &fresh).unwrap();
        assert_eq!(text, TEXT.replace("extractor:abc@sha256:11", "extractor:def@sha256:22"));
    }

    #[test]
    fn a_name_the_file_does_not_have_is_refused() {
        let error = with(TEXT, &one("OTHER_IMAGE", "x")).unwrap_err();
        assert!(error.to_string().contains("OTHER_IMAGE"));
    }

    #[test]
    fn a_tag_alone_is_no_pin_and_latest_is_none_either() {
        let digest = "0".repeat(64);
        assert!(parse(&format!("A=ghcr.io/g/a:1@sha256:{digest}\n")).is_ok());
        for refused in [
            "A=ghcr.io/g/a:1".to_owned(),
            format!("A=ghcr.io/g/a:latest@sha256:{digest}"),
            format!("A=ghcr.io/g/a@sha256:{digest}"),
            "A=ghcr.io/g/a:1@sha256:abc".to_owned(),
        ] {
            assert!(parse(&refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn the_tag_of_a_registry_with_a_port_is_found() {
        assert_eq!(tag("127.0.0.1:5000/g/extractor:abc@sha256:11"), Some("abc"));
    }
}
