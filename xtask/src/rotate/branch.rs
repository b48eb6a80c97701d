//! The commit of a rotation, on top of what the server has: the workflow's pin commits are there and not here.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::ci::Call;

/// What a rotation would be pushed to.
const UPSTREAM: &str = "@{upstream}";

/// The branch that is checked out in a folder.
pub(super) struct Branch<'a> {
    folder: &'a Path,
}

impl<'a> Branch<'a> {
    pub(super) fn of(folder: &'a Path) -> Self {
        Self { folder }
    }

    /// Takes in what the server has. To be called first: a push that is refused after secrets were made leaves a commit that a
    /// second call would only follow by other secrets.
    pub(super) fn catch_up(&self, files: &[PathBuf], push: bool) -> Result<()> {
        let changed = self.git(["status", "--porcelain", "--"]).args(files).text()?;
        if !changed.is_empty() {
            bail!(
                "these are not committed, and a rotation would lose them: commit them or take them back\n{changed}"
            );
        }
        if !self.git(["rev-parse", "--verify", "--quiet", UPSTREAM]).succeeds()? {
            if push {
                bail!(
                    "this branch follows none of a server: git push --set-upstream origin HEAD, then again"
                );
            }
            return Ok(());
        }
        self.git(["fetch", "--quiet"]).run().context("the server was not asked for newer commits")?;
        // Commits of one's own that were not pushed stay, and are pushed with the rotation.
        if self.git(["merge-base", "--is-ancestor", UPSTREAM, "HEAD"]).succeeds()? {
            return Ok(());
        }
        match self.git(["merge", "--quiet", "--ff-only", UPSTREAM]).complaint()? {
            None => Ok(()),
            Some(refusal) => bail!("nothing was rotated: git pull --rebase, then again\n{refusal}"),
        }
    }

    pub(super) fn commit(&self, message: &str, files: &[PathBuf]) -> Result<()> {
        self.git(["add", "--"]).args(files).run()?;
        self.git(["commit", "--quiet", "--message", message, "--"]).args(files).run()
    }

    pub(super) fn push(&self) -> Result<()> {
        match self.git(["push", "--quiet"]).complaint()? {
            None => Ok(()),
            Some(refusal) => {
                bail!(
                    "the rotation is committed and not pushed; do not call it again: git pull --rebase && git push\n{refusal}"
                )
            }
        }
    }

    fn git<const N: usize>(&self, arguments: [&str; N]) -> Call {
        Call::new("git").arg("-C").arg(self.folder).args(arguments)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use tempfile::TempDir;

    use super::*;

    const SECRET: &str = "x_token";

    fn git(folder: &Path, arguments: &[&str]) -> String {
        let ended = Command::new("git").args(arguments).current_dir(folder).output().unwrap();
        assert!(ended.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).unwrap().trim().to_owned()
    }

    /// A server's repository, the clone that rotates, and the workflow's.
    struct Repositories {
        folder: TempDir,
    }

    impl Repositories {
        fn make() -> Self {
            let folder = tempfile::tempdir().unwrap();
            git(folder.path(), &["init", "--quiet", "--bare", "--initial-branch=main", "bare.git"]);
            let made = Self { folder };
            made.clone_as("workflow");
            made.change("workflow", SECRET, "first");
            made.clone_as("own");
            made
        }

        fn clone_as(&self, name: &str) {
            git(self.folder.path(), &["clone", "--quiet", "bare.git", name]);
            git(&self.path(name), &["config", "user.name", "test"]);
            git(&self.path(name), &["config", "user.email", "test@example.org"]);
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        /// A commit on the server's main.
        fn change(&self, clone: &str, file: &str, text: &str) {
            self.commit(clone, file, text);
            git(&self.path(clone), &["push", "--quiet", "origin", "HEAD:refs/heads/main"]);
        }

        fn commit(&self, clone: &str, file: &str, text: &str) {
            fs::write(self.path(clone).join(file), text).unwrap();
            git(&self.path(clone), &["add", "--all"]);
            git(&self.path(clone), &["commit", "--quiet", "--message", text]);
        }

        fn subjects(&self) -> String {
            git(&self.path("bare.git"), &["log", "--format=%s", "main"])
        }

        /// As `rotate --push` does it.
        fn rotate(&self) -> Result<()> {
            let (folder, files) = (self.path("own"), [self.path("own").join(SECRET)]);
            let branch = Branch::of(&folder);
            branch.catch_up(&files, true)?;
            fs::write(&files[0], "another")?;
            branch.commit("Rotate", &files)?;
            branch.push()
        }
    }

    fn refused(ended: Result<()>) -> String {
        format!("{:#}", ended.unwrap_err())
    }

    #[test]
    fn a_rotation_follows_the_pin_commit_that_the_workflow_pushed() {
        let made = Repositories::make();
        made.change("workflow", "pins.env", "Pin images");
        made.rotate().unwrap();
        assert_eq!(made.subjects(), "Rotate\nPin images\nfirst");
    }

    #[test]
    fn commits_that_were_not_pushed_go_with_it_and_other_changes_stay() {
        let made = Repositories::make();
        made.commit("own", "inventory", "Name the host");
        fs::write(made.path("own").join("inventory"), "not committed").unwrap();
        made.rotate().unwrap();
        assert_eq!(made.subjects(), "Rotate\nName the host\nfirst");
        assert_eq!(git(&made.path("own"), &["status", "--porcelain"]), "M inventory");
    }

    #[test]
    fn where_both_sides_have_commits_nothing_is_rotated() {
        let made = Repositories::make();
        made.change("workflow", "pins.env", "Pin images");
        made.commit("own", "inventory", "Name the host");
        let error = refused(made.rotate());
        assert!(error.contains("nothing was rotated") && error.contains("git pull --rebase"), "{error}");
        assert_eq!(fs::read_to_string(made.path("own").join(SECRET)).unwrap(), "first");
        assert_eq!(made.subjects(), "Pin images\nfirst");
    }

    #[test]
    fn a_secret_that_was_changed_and_not_committed_is_left_alone() {
        let made = Repositories::make();
        fs::write(made.path("own").join(SECRET), "by hand").unwrap();
        let error = refused(made.rotate());
        assert!(error.contains("not committed") && error.contains(SECRET), "{error}");
        assert_eq!(fs::read_to_string(made.path("own").join(SECRET)).unwrap(), "by hand");
    }

    #[test]
    fn a_push_that_is_refused_says_that_the_commit_is_there() {
        let made = Repositories::make();
        let (folder, files) = (made.path("own"), [made.path("own").join(SECRET)]);
        let branch = Branch::of(&folder);
        branch.catch_up(&files, true).unwrap();
        made.change("workflow", "pins.env", "Pin images");
        fs::write(&files[0], "another").unwrap();
        branch.commit("Rotate", &files).unwrap();
        let error = refused(branch.push());
        assert!(error.contains("do not call it again"), "{error}");
        git(&folder, &["pull", "--quiet", "--rebase"]);
        branch.push().unwrap();
        assert_eq!(made.subjects(), "Rotate\nPin images\nfirst");
    }
}
