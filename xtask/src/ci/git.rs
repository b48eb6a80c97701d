//! What steps ask of git.

use anyhow::Result;

use super::tool::{Call, given};

/// A call of git in the workspace.
pub(super) fn git<const N: usize>(arguments: [&str; N]) -> Call {
    Call::new("git").args(arguments)
}

/// The commit a step is about: the runner's, else what is checked out.
pub(super) fn commit() -> Result<String> {
    given("CI_COMMIT").map_or_else(|| git(["rev-parse", "HEAD"]).text(), Ok)
}

/// Paths that differ between two commits.
pub(super) fn changed(from: &str, to: &str) -> Result<Vec<String>> {
    let listed = git(["diff", "--name-only", "--no-renames", from, to]).text()?;
    Ok(listed.lines().map(str::to_owned).collect())
}

/// Whether a commit is known here.
pub(super) fn knows(commit: &str) -> Result<bool> {
    git(["cat-file", "-e", &format!("{commit}^{{commit}}")]).succeeds()
}
