//! All posts there are: made from the seed, read from an archive, put in by a test; less what was deleted.

mod held;
mod shelf;
mod walk;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::clock::{UnixMs, millis};
use crate::generate::texts::Grammars;
use crate::generate::timeline::Timeline;
use crate::generate::{Draw, For, authors, post};
use crate::ids::PostId;
use crate::query::Facts;

pub(crate) use held::Held;
pub(crate) use shelf::Shelf;

/// A post that exists.
#[derive(Clone, Debug)]
pub(crate) enum Hit {
    /// Made from the seed, by its index.
    Made(PostId, u64),
    /// Given as JSON.
    Held(Arc<Held>),
}

/// What became of a post that another one refers to.
#[derive(Clone, Debug)]
pub(crate) enum LookUp {
    Found(Hit),
    Absent,
    Protected,
}

/// A part of the posts is found only some time after it was created.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Late {
    pub(crate) per_mille: u64,
    pub(crate) by: Duration,
}

/// Every post, and what belongs to posts.
#[derive(Debug)]
pub(crate) struct Store {
    line: Timeline,
    grammars: Arc<Grammars>,
    quirks: bool,
    held: BTreeMap<PostId, Arc<Held>>,
    shelf: Shelf,
    deleted: HashSet<PostId>,
    late: Option<Late>,
    /// References an archive leaves open: nobody knows what became of them, so no error names them.
    silent: bool,
}

impl Store {
    pub(crate) fn new(line: Timeline, quirks: bool) -> Self {
        let (held, shelf) = (BTreeMap::new(), Shelf::default());
        let grammars = Arc::new(Grammars::read());
        Self { line, grammars, quirks, held, shelf, deleted: HashSet::new(), late: None, silent: false }
    }

    /// Takes in an archive's posts, users, media, polls and places.
    pub(crate) fn take_archive(&mut self, posts: Vec<Held>, shelf: Shelf) {
        self.silent = true;
        self.take(posts, shelf);
    }

    /// Takes in posts; one with a known id replaces it.
    pub(crate) fn take(&mut self, posts: Vec<Held>, shelf: Shelf) {
        for post in posts {
            self.deleted.remove(&post.id);
            self.held.insert(post.id, Arc::new(post));
        }
        self.shelf.merge(shelf);
    }

    /// Nothing new is posted from now on.
    pub(crate) fn halt(&mut self, now: UnixMs) {
        self.line.halted.get_or_insert(now);
    }

    pub(crate) fn delete(&mut self, ids: impl IntoIterator<Item = PostId>) {
        self.deleted.extend(ids);
    }

    /// Deletes a part of what exists at `now`, chosen by `salt`; returns the ids, newest first.
    pub(crate) fn delete_part(&mut self, per_mille: u64, salt: u64, now: UnixMs) -> Vec<PostId> {
        let chosen = |id: &PostId| Draw::new(salt, For::Absent, id.0).chance(per_mille);
        let ids: Vec<PostId> =
            self.newest_first(PostId(u64::MAX), now).map(|hit| hit.id()).filter(chosen).collect();
        self.delete(ids.iter().copied());
        ids
    }

    /// From now on, a part of the generated posts is indexed late.
    pub(crate) fn set_late(&mut self, late: Option<Late>) {
        self.late = late;
    }

    /// The post's answer with all fields, in tweet names.
    pub(crate) fn resource(&self, hit: &Hit, now: UnixMs) -> Value {
        match hit {
            Hit::Made(_, index) => post::resource(&self.line, &self.grammars, self.quirks, *index, now),
            Hit::Held(held) => held.post.clone(),
        }
    }

    /// What a query asks of the post.
    pub(crate) fn facts(&self, hit: &Hit) -> Facts {
        match hit {
            Hit::Made(_, index) => post::facts(&self.line, &self.grammars, *index),
            Hit::Held(held) => held.facts.clone(),
        }
    }

    /// The post with this id as a reference from another one finds it.
    pub(crate) fn look_up(&self, id: PostId, now: UnixMs) -> LookUp {
        if self.deleted.contains(&id) {
            return LookUp::Absent;
        }
        if let Some(held) = self.held.get(&id) {
            return if held.visible_at <= now {
                LookUp::Found(Hit::Held(held.clone()))
            } else {
                LookUp::Absent
            };
        }
        match self.line.index(id, self.line.existing(now)) {
            Some(index) if self.is_protected(index) => LookUp::Protected,
            Some(index) if !self.line.is_gone(index) => LookUp::Found(Hit::Made(id, index)),
            _ => LookUp::Absent,
        }
    }

    /// True if search, and not only a reference, leads to the post.
    pub(crate) fn is_searchable(&self, hit: &Hit, now: UnixMs) -> bool {
        match hit {
            Hit::Made(_, index) => self.is_found(*index, now),
            Hit::Held(held) => held.is_searchable && held.visible_at <= now,
        }
    }

    /// True if a reference to a post nobody has is to be left unsaid, as in an archive.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent
    }

    /// How many posts search can find at `now`.
    pub(crate) fn count(&self, now: UnixMs) -> usize {
        self.newest_first(PostId(u64::MAX), now).count()
    }

    fn is_protected(&self, index: u64) -> bool {
        authors::is_protected(self.line.seed, self.line.author(index))
    }

    /// True if search finds the generated post `index` at `now`.
    fn is_found(&self, index: u64, now: UnixMs) -> bool {
        let late = self.late.is_some_and(|late| {
            Draw::new(self.line.seed, For::Late, index).chance(late.per_mille)
                && self.line.created(index).0 + millis(late.by) > now.0
        });
        !late && !self.line.is_gone(index) && !self.is_protected(index)
    }
}

impl Hit {
    pub(crate) fn id(&self) -> PostId {
        match self {
            Self::Made(id, _) => *id,
            Self::Held(held) => held.id,
        }
    }
}
