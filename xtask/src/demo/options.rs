//! What the demo is asked for, checked before anything is built.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;

use super::archive::Archive;

#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Posts that exist before the start
    #[arg(long, default_value_t = 5_000, conflicts_with = "archive")]
    posts: u64,
    /// New posts a second while it runs; 0 for none
    #[arg(long, default_value_t = 20.0, conflicts_with = "archive")]
    rate: f64,
    /// Seed of the posts: the same seed makes the same posts
    #[arg(long, default_value_t = 1, conflicts_with = "archive")]
    seed: u64,
    /// Posts of an archive (JSON lines: answers of the v2 API as twarc2 keeps them, or one post a line) instead
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
    /// Leave everything running after the report, until Ctrl-C
    #[arg(long)]
    keep: bool,
}

/// The posts of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Posts {
    /// Made from a seed.
    Made { posts: u64, rate: f64, seed: u64 },
    /// Real ones.
    Archive(Archive),
}

/// A checked request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(crate) posts: Posts,
    pub(crate) keep: bool,
}

/// Ids have room for 4,096 posts a millisecond; a laptop's patience ends earlier.
const MOST_POSTS: u64 = 5_000_000;
/// X's stream brings 250 posts a second.
const MOST_RATE: f64 = 1_000.0;

impl Options {
    /// Checks what was asked for.
    pub(crate) fn plan(&self) -> Result<Plan> {
        let posts = match &self.archive {
            Some(file) => Posts::Archive(Archive::read(file)?),
            None if !(1..=MOST_POSTS).contains(&self.posts) => {
                bail!("--posts {}: give 1 to {MOST_POSTS} posts", self.posts)
            }
            None if !(0.0..=MOST_RATE).contains(&self.rate) => {
                bail!("--rate {}: give 0 to {MOST_RATE} posts a second", self.rate)
            }
            None => Posts::Made { posts: self.posts, rate: self.rate, seed: self.seed },
        };
        Ok(Plan { posts, keep: self.keep })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(posts: u64, rate: f64) -> Options {
        Options { posts, rate, seed: 7, archive: None, keep: false }
    }

    #[test]
    fn numbers_that_cannot_be_meant_are_refused_with_the_way_out() {
        let told = |posts, rate| options(posts, rate).plan().unwrap_err().to_string();
        assert_eq!(told(0, 1.0), "--posts 0: give 1 to 5000000 posts");
        assert_eq!(told(10, -1.0), "--rate -1: give 0 to 1000 posts a second");
        assert_eq!(told(10, f64::NAN), "--rate NaN: give 0 to 1000 posts a second");
        assert!(options(1, 0.0).plan().is_ok());
    }

    #[test]
    fn a_missing_archive_is_named() {
        let options = Options { archive: Some("nowhere/posts.jsonl".into()), ..options(1, 0.0) };
        let told = options.plan().unwrap_err().to_string();
        assert!(told.starts_with("--archive nowhere/posts.jsonl: No such file"), "{told}");
    }
}
