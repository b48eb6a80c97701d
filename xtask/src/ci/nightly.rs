//! What nobody waits for: known vulnerabilities, newer images of others.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    git::git,
    images::IMAGES,
    installed, pins,
    tool::{Call, given},
};
use crate::cargo::root;

/// Of the commit and of the pull request.
const TITLE: &str = "Move pinned images to their newest patch";

/// cargo-deny's looks at what the lock file names. Its advisories are fetched over the network each time.
pub(super) fn deny(looks: &[&str]) -> Result<()> {
    let program = installed::provide("cargo-deny", "0.20.2")?;
    Call::new(&program.display().to_string()).arg("check").args(looks).run()
}

/// Newer patch releases of pinned images, and moved digests of their tags, as a pull request where a runner gives `GH_TOKEN`.
pub(super) fn updates() -> Result<()> {
    let text = fs::read_to_string(root().join(pins::FILE))?;
    let mut fresh = BTreeMap::new();
    for (name, reference) in pins::read(&text) {
        if IMAGES.iter().any(|image| image.pin == name) {
            continue;
        }
        let Some((tagged, digest)) = reference.split_once('@') else { continue };
        let Some((repository, tag)) = tagged.rsplit_once(':') else { continue };
        let tag = newest(tag, &tags(repository)?).to_owned();
        let now = Call::new("skopeo")
            .args(["inspect", "--format", "{{.Digest}}", &format!("docker://{repository}:{tag}")])
            .text()?;
        if now != digest || !tagged.ends_with(&format!(":{tag}")) {
            println!("{name}: {tagged} -> {repository}:{tag}@{now}");
            fresh.insert(name.to_owned(), format!("{repository}:{tag}@{now}"));
        }
    }
    if fresh.is_empty() {
        println!("every pin is the newest of its line");
        return Ok(());
    }
    let branch = "pin-updates";
    git(["checkout", "--quiet", "-B", branch]).run()?;
    fs::write(root().join(pins::FILE), pins::with(&text, &fresh)?)?;
    git(["-c", "user.name=garimpo", "-c", "user.email=garimpo@users.noreply.github.com"])
        .args(["commit", "--quiet", "--message", TITLE, "--", pins::FILE])
        .run()?;
    let remote = given("CI_REMOTE").unwrap_or_else(|| "origin".to_owned());
    git(["push", "--quiet", "--force", &remote, &format!("HEAD:refs/heads/{branch}")]).run()?;
    if given("GH_TOKEN").is_none() { Ok(()) } else { propose(branch) }
}

/// An open pull request of the branch, and its checks.
fn propose(branch: &str) -> Result<()> {
    // Of this repository alone, and not those that were merged or closed.
    let open = Call::new("gh")
        .args(["pr", "list", "--head", branch, "--state", "open", "--json", "isCrossRepository"])
        .args(["--jq", "map(select(.isCrossRepository | not)) | length"])
        .text()?;
    if open == "0" {
        let body = "Newest patch releases and moved digests. A MySQL or Kafka pin reaches hosts by `upgrade.yml` alone.";
        Call::new("gh")
            .args(["pr", "create", "--base", "main", "--head", branch, "--title", TITLE, "--body", body])
            .run()
            .context(
                "GitHub's settings have to let Actions create pull requests: Settings, Actions, General",
            )?;
    }
    // What the workflow's own token makes or pushes starts no workflow by itself.
    Call::new("gh").args(["workflow", "run", "check.yml", "--ref", branch]).run()
}

fn tags(repository: &str) -> Result<Vec<String>> {
    let listed = Call::new("skopeo").args(["list-tags", &format!("docker://{repository}")]).text()?;
    let listed: Value = serde_json::from_str(&listed)?;
    let tags = listed["Tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect())
}

/// The newest tag of the same line: the same words, the same major and minor number, a higher patch.
fn newest<'a>(tag: &'a str, tags: &'a [String]) -> &'a str {
    let Some(held) = version(tag) else { return tag };
    tags.iter()
        .filter_map(|tag| Some((version(tag)?, tag.as_str())))
        .filter(|(other, _)| other.0 == held.0 && other.1[..2] == held.1[..2] && other.1 > held.1)
        .max()
        .map_or(tag, |(_, tag)| tag)
}

/// `v3.14.0` as its letters and numbers; none where it has others than three numbers.
fn version(tag: &str) -> Option<(&str, [u64; 3])> {
    let numbers = tag.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let letters = &tag[..tag.len() - numbers.len()];
    let parts: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    Some((letters, parts.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::newest;

    #[test]
    fn only_a_newer_patch_of_the_same_line_is_taken() {
        let tags =
            ["8.4.9", "8.4.12", "8.4.13-debian", "8.5.0", "9.7.0", "latest", "v8.4.20"].map(str::to_owned);
        assert_eq!(newest("8.4.11", &tags), "8.4.12");
        assert_eq!(newest("8.6.1", &tags), "8.6.1");
        assert_eq!(newest("v3.14.0", &["v3.14.1".to_owned(), "v3.15.0".to_owned()]), "v3.14.1");
    }
}
