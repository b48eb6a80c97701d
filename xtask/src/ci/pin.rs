//! The pin commit: the digests of what was published, then the branch that hosts follow moves there.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, bail};

use super::{
    git::{changed, git},
    pins,
    tool::given,
};
use crate::cargo::root;

/// Begins the subject of every pin commit.
const SUBJECT: &str = "Pin images of ";
/// What people push to.
const MAIN: &str = "main";
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
    let commit = match decide(&subject("HEAD")?, &changed("HEAD^", "HEAD")?, &text, &fresh)? {
        Pin::Own => {
            println!("this is a pin commit: nothing to do");
            return Ok(());
        }
        Pin::Same => {
            println!("the same images");
            git(["rev-parse", "HEAD"]).text()?
        }
        Pin::Other(text) => {
            let Some(commit) = pinned(&remote, &text)? else {
                println!("main moved on while this was built: its own run pins it");
                return Ok(());
            };
            commit
        }
    };
    if let Some(refusal) = push(&remote, &commit, HOSTS)? {
        bail!(
            "{HOSTS} was not moved to {commit}: an older commit does not go over a newer one, and a protected branch has to \
             let the workflow push\n{refusal}"
        );
    }
    println!("{HOSTS} is at {commit}");
    Ok(())
}

/// Commits; gives the pin commit on main, or none where somebody pushed meanwhile.
fn pinned(remote: &str, text: &str) -> Result<Option<String>> {
    let built = git(["rev-parse", "HEAD"]).text()?;
    let short = git(["rev-parse", "--short=12", "HEAD"]).text()?;
    fs::write(root().join(pins::FILE), text)?;
    git(["-c", "user.name=garimpo", "-c", "user.email=garimpo@users.noreply.github.com"])
        .args(["commit", "--quiet", "--message", &format!("{SUBJECT}{short}"), "--", pins::FILE])
        .run()?;
    let commit = git(["rev-parse", "HEAD"]).text()?;
    let Some(refusal) = push(remote, &commit, MAIN)? else { return Ok(Some(commit)) };
    git(["fetch", "--quiet", remote, &format!("refs/heads/{MAIN}")]).run().context(refusal.clone())?;
    let tip = git(["rev-parse", "FETCH_HEAD"]).text()?;
    let on_built = git(["log", "-1", "--format=%P", &tip]).text()? == built;
    if on_built && is_pin(&subject(&tip)?, &changed(&built, &tip)?) {
        // An earlier attempt of this run left it. It was pushed by the workflow and so has no run that would move the hosts.
        if changed(&tip, &commit)?.is_empty() {
            return Ok(Some(tip));
        }
        bail!(
            "{tip} on {MAIN} pins other images of {short} already: push another commit, its run goes on from there"
        );
    }
    if tip != built && git(["merge-base", "--is-ancestor", &built, &tip]).succeeds()? {
        return Ok(None);
    }
    bail!(
        "the images are published and signed, but {MAIN} was not moved to their pin commit, so no host gets them: where it is \
         protected, let the workflow push to it (docs/operations.md, What happens on a push) and run this job again\n{refusal}"
    )
}

/// Moves a branch there; what git says where it is refused.
fn push(remote: &str, commit: &str, branch: &str) -> Result<Option<String>> {
    git(["push", "--quiet", remote, &format!("{commit}:refs/heads/{branch}")]).complaint()
}

fn subject(commit: &str) -> Result<String> {
    git(["log", "-1", "--format=%s", commit]).text()
}

fn is_pin(subject: &str, changed: &[String]) -> bool {
    subject.starts_with(SUBJECT) && changed == [pins::FILE]
}

fn decide(subject: &str, changed: &[String], text: &str, fresh: &BTreeMap<String, String>) -> Result<Pin> {
    if is_pin(subject, changed) {
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
