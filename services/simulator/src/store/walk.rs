//! Walks from newer to older posts, whatever they come from.

use std::collections::btree_map;
use std::iter::{Peekable, Rev};
use std::sync::Arc;

use super::{Held, Hit, Store};
use crate::clock::UnixMs;
use crate::ids::PostId;

/// Posts that search finds, newest first.
pub(crate) struct Walk<'a> {
    store: &'a Store,
    now: UnixMs,
    /// Generated posts with a smaller index are still to come.
    next: u64,
    made: Option<(PostId, u64)>,
    held: Peekable<Rev<btree_map::Range<'a, PostId, Arc<Held>>>>,
}

impl Store {
    /// Every post that search finds at `now` with an id below `below`.
    pub(crate) fn newest_first(&self, below: PostId, now: UnixMs) -> Walk<'_> {
        let next = self.line.first_at_or_above(below, self.line.existing(now));
        let held = self.held.range(..below).rev().peekable();
        Walk { store: self, now, next, made: None, held }
    }
}

impl Walk<'_> {
    fn made(&mut self) -> Option<(PostId, u64)> {
        while self.made.is_none() && self.next > 0 {
            self.next -= 1;
            if self.store.is_found(self.next, self.now) {
                self.made = Some((self.store.line.id(self.next), self.next));
            }
        }
        self.made
    }
}

impl Iterator for Walk<'_> {
    type Item = Hit;

    fn next(&mut self) -> Option<Hit> {
        loop {
            let made = self.made();
            let held = self.held.peek().map(|(id, _)| **id);
            let hit = match (made, held) {
                (None, None) => return None,
                // A post put in with a generated post's id stands for it.
                (Some((id, _)), Some(given)) if id == given => {
                    self.made = None;
                    continue;
                }
                (Some((id, index)), given) if given.is_none_or(|given| id > given) => {
                    self.made = None;
                    Hit::Made(id, index)
                }
                _ => Hit::Held(self.held.next()?.1.clone()),
            };
            let is_shown = match &hit {
                Hit::Made(..) => true,
                Hit::Held(held) => held.is_searchable && held.visible_at <= self.now,
            };
            if is_shown && !self.store.deleted.contains(&hit.id()) {
                return Some(hit);
            }
        }
    }
}
