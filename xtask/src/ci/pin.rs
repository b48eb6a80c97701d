//! The pin commit: the digests of what was published, then the branch that hosts follow moves there.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result};

use super::{
    git::{changed, git},
    pins,
    tool::given,
};
use crate::cargo::root;

/// Begins the subject of every pin commit.
const SUBJECT: &str = "Pin images of ";
/// What hosts follow: each commit on it names images that exist and are signed.
const HOSTS: &str = "hosts";

/// What is to be done with the pins of a run.
#[derive(Debug, PartialEq, Eq)]
enum Pin {
    /// The commit is a pin commit itself.
    Own,
    /// The same images: hosts get the commit as it is, such as other rules.
    Same,
    /// The file's new text.
    Other(String),
}

/// Commits and pushes, or does nothing.
pub(super) fn run() -> Result<()> {
    let remote = given("CI_REMOTE").unwrap_or_else(|| "origin".to_owned());
    let text = fs::read_to_string(root().join(pins::FILE))?;
    let fresh = pins::parse(&given("CI_PINS").unwrap_or_default())?;
    let subject = git(["log", "-1", "--format=%s"]).text()?;
    match decide(&subject, &changed("HEAD^", "HEAD")?, &text, &fresh)? {
        Pin::Own => {
            println!("this is a pin commit: nothing to do");
            return Ok(());
        }
        Pin::Same => println!("the same images"),
        Pin::Other(text) => {
            let short = git(["rev-parse", "--short=12", "HEAD"]).text()?;
            fs::write(root().join(pins::FILE), text)?;
            git(["-c", "user.name=garimpo", "-c", "user.email=garimpo@users.noreply.github.com"])
                .args(["commit", "--quiet", "--message", &format!("{SUBJECT}{short}"), "--", pins::FILE])
                .run()?;
            // Somebody pushed meanwhile: what is on top has a run of its own, which pins what it builds.
            if !git(["push", "--quiet", &remote, "HEAD:refs/heads/main"]).succeeds()? {
                println!("main moved on while this was built: its own run pins it");
                return Ok(());
            }
        }
    }
    git(["push", "--quiet", &remote, &format!("HEAD:refs/heads/{HOSTS}")])
        .run()
        .with_context(|| format!("{HOSTS} has moved on: an older commit does not go over a newer one"))?;
    println!("{HOSTS} is at {}", git(["rev-parse", "HEAD"]).text()?);
    Ok(())
}

fn decide(subject: &str, changed: &[String], text: &str, fresh: &BTreeMap<String, String>) -> Result<Pin> {
    if subject.starts_with(SUBJECT) && changed == [pins::FILE] {
        return Ok(Pin::Own);
    }
    let pinned = pins::with(text, fresh)?;
    Ok(if pinned == text { Pin::Same } else { Pin::Other(pinned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "EXTRACTOR_IMAGE=ghcr.io/g/extractor:abc@sha256:11\n";

    fn fresh(digest: &str) -> BTreeMap<String, String> {
        [("EXTRACTOR_IMAGE".to_owned(), format!("ghcr.io/g/extractor:abc@sha256:{digest}"))].into()
    }

    #[test]
    fn on_its_own_commit_it_does_nothing() {
        let changed = [pins::FILE.to_owned()];
        assert_eq!(decide("Pin images of 0123456789ab", &changed, TEXT, &fresh("22")).unwrap(), Pin::Own);
    }

    #[test]
    fn a_commit_that_only_looks_like_one_is_pinned() {
        let changed = [pins::FILE.to_owned(), "services/extractor/src/flow.rs".to_owned()];
        let pin = decide("Pin images of the new kind", &changed, TEXT, &fresh("22")).unwrap();
        assert!(matches!(pin, Pin::Other(_)), "{pin:?}");
        let pin = decide("Move Kafka to 4.3.2", &[pins::FILE.to_owned()], TEXT, &fresh("22")).unwrap();
        assert!(matches!(pin, Pin::Other(_)), "{pin:?}");
    }

    #[test]
    fn other_rules_reach_hosts_with_the_same_images() {
        let changed = ["compose/rules.toml".to_owned()];
        assert_eq!(decide("Collect masks, too", &changed, TEXT, &BTreeMap::new()).unwrap(), Pin::Same);
        assert_eq!(decide("Collect masks, too", &changed, TEXT, &fresh("11")).unwrap(), Pin::Same);
    }
}
