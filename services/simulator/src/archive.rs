//! An archive of real answers as JSON lines: twarc2's pages, or its flat lines with one post each.

mod flat;
mod shift;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::clock::UnixMs;
use crate::ids::PostId;
use crate::store::{Held, Shelf};

/// Why an archive cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file cannot be read.
    #[error("cannot read the archive {path}")]
    Read {
        /// The archive.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is no JSON.
    #[error("line {line} of the archive {path} is no JSON")]
    Json {
        /// The archive.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Where in the line.
        source: serde_json::Error,
    },
    /// A line is neither a page with `data` nor a post with `id` and `text`.
    #[error("line {line} of the archive {path} holds neither a page (`data`) nor a post (`id`, `text`)")]
    Shape {
        /// The archive.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// There is nothing to serve.
    #[error("the archive {path} holds no post")]
    Empty {
        /// The archive.
        path: PathBuf,
    },
}

/// What an archive holds, in tweet names.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    matched: Vec<Value>,
    included: Vec<Value>,
    shelf: Shelf,
}

impl Archive {
    pub(crate) fn read(path: &Path) -> Result<Self, ArchiveError> {
        let failed = |source| ArchiveError::Read { path: path.into(), source };
        let mut archive = Self::default();
        for (line, text) in (1..).zip(BufReader::new(File::open(path).map_err(failed)?).lines()) {
            let text = text.map_err(failed)?;
            if text.trim().is_empty() {
                continue;
            }
            let value: Value = serde_json::from_str(&text).map_err(|source| ArchiveError::Json {
                path: path.into(),
                line,
                source,
            })?;
            if !archive.take_line(value) {
                return Err(ArchiveError::Shape { path: path.into(), line });
            }
        }
        if archive.matched.is_empty() {
            return Err(ArchiveError::Empty { path: path.into() });
        }
        Ok(archive)
    }

    fn take_line(&mut self, mut line: Value) -> bool {
        match line["data"].take() {
            Value::Array(posts) => self.matched.extend(posts),
            post @ Value::Object(_) => self.matched.push(post),
            _ if line["meta"]["result_count"] == 0 => {}
            _ if line["id"].is_string() && line["text"].is_string() => return self.take_flat(line),
            _ => return false,
        }
        let mut includes = line["includes"].take();
        if let Value::Array(posts) = includes["tweets"].take() {
            self.included.extend(posts);
        }
        self.shelf.take_includes(&mut includes);
        if let Value::Array(errors) = line["errors"].take() {
            for error in errors {
                if let Some(id) = error["resource_id"].as_str().map(str::to_owned) {
                    self.shelf.errors.insert(id, error);
                }
            }
        }
        true
    }

    /// When the newest matched post was created.
    pub(crate) fn newest(&self) -> Option<UnixMs> {
        self.matched.iter().filter_map(id).max().map(PostId::created)
    }

    /// When the oldest matched post was created.
    pub(crate) fn oldest(&self) -> Option<UnixMs> {
        self.matched.iter().filter_map(id).min().map(PostId::created)
    }

    /// Moves every post so that the newest was created at `now`, by whole seconds.
    pub(crate) fn shift_to(&mut self, now: UnixMs) {
        if let Some(newest) = self.newest() {
            let by = (now.0 - newest.0).div_euclid(1000) * 1000;
            let posts = self.matched.iter_mut().chain(&mut self.included);
            posts.for_each(|post| shift::post(post, by));
            self.shelf.polls.values_mut().for_each(|poll| shift::poll(poll, by));
            self.shelf.errors = std::mem::take(&mut self.shelf.errors)
                .into_values()
                .filter_map(|error| shift::error(error, by))
                .collect();
        }
    }

    /// The posts to hold; one that was both matched and referred to is matched.
    pub(crate) fn into_parts(self) -> (Vec<Held>, Shelf) {
        let Self { matched, included, shelf } = self;
        let kinds = [(included, false), (matched, true)];
        let held = kinds
            .into_iter()
            .flat_map(|(posts, is_matched)| posts.into_iter().map(move |post| (post, is_matched)))
            .filter_map(|(post, is_matched)| {
                let username =
                    post["author_id"].as_str().and_then(|id| shelf.username(id)).map(str::to_owned);
                Held::read(post, username.as_deref(), is_matched)
            })
            .collect();
        (held, shelf)
    }
}

fn id(post: &Value) -> Option<PostId> {
    PostId::parse(post["id"].as_str()?)
}
