//! What post number i is to other posts: an edit of one, a reply, a quote; or a gap where a post was deleted.

use std::time::Duration;

use super::authors;
use super::draw::{Draw, For};
use super::timeline::Timeline;
use crate::clock::millis;
use crate::ids::PostId;

/// X lets a post be edited for half an hour.
pub(crate) const EDITABLE: Duration = Duration::from_secs(30 * 60);
/// The most edits of one post.
pub(crate) const MOST_EDITS: u64 = 5;
/// Edits of one post lie in one block of indexes, so that a chain is found without a search.
const BLOCK: u64 = 32;
/// Answers refer to one of so many posts before them.
const REACH: u64 = 3_000;

/// The place of a post in its chain of edits: `version` 0 is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edition {
    pub(crate) root: u64,
    pub(crate) version: u64,
    stride: u64,
    versions: u64,
}

/// Which earlier posts, by index, a post refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Relations {
    pub(crate) replied_to: Option<u64>,
    pub(crate) quoted: Option<u64>,
}

impl Timeline {
    /// Where `index` stands in a chain of edits; a post that was never edited is its own root.
    pub(crate) fn edition(&self, index: u64) -> Edition {
        let alone = Edition { root: index, version: 0, stride: 1, versions: 1 };
        let block = index / BLOCK;
        let mut draw = Draw::new(self.seed, For::Edits, block);
        if !draw.chance(300) {
            return alone;
        }
        let (first, stride) = (block * BLOCK + draw.below(8), draw.between(1, 4));
        let versions = draw.between(2, MOST_EDITS + 1);
        let Some(offset) = index.checked_sub(first) else { return alone };
        let version = offset / stride;
        if !offset.is_multiple_of(stride) || version >= versions || !self.is_within_edit_time(first, index) {
            return alone;
        }
        Edition { root: first, version, stride, versions }
    }

    /// The indexes of a post's chain that exist among `existing` posts, first version first.
    pub(crate) fn versions(&self, of: Edition, existing: u64) -> impl Iterator<Item = u64> {
        (0..of.versions)
            .map(move |version| of.root + version * of.stride)
            .take_while(move |index| *index < existing && self.is_within_edit_time(of.root, *index))
    }

    fn is_within_edit_time(&self, root: u64, index: u64) -> bool {
        self.created(index).0 - self.created(root).0 <= millis(EDITABLE)
    }

    /// What the post answers or quotes; all versions of a post refer to the same.
    pub(crate) fn relations(&self, index: u64) -> Relations {
        let root = self.edition(index).root;
        if root == 0 {
            return Relations::default();
        }
        let mut draw = Draw::new(self.seed, For::Relations, root);
        let (replies, quotes) = match draw.below(1000) {
            0..180 => (true, false),
            180..270 => (false, true),
            270..280 => (true, true),
            _ => return Relations::default(),
        };
        // Most answers follow soon.
        let reach = if draw.chance(700) { REACH / 50 } else { REACH };
        let mut earlier = || root - 1 - draw.below(root.min(reach));
        Relations { replied_to: replies.then(&mut earlier), quoted: quotes.then(&mut earlier) }
    }

    /// The post that began the conversation this one belongs to.
    pub(crate) fn conversation(&self, index: u64) -> PostId {
        let mut at = index;
        while let Some(earlier) = self.relations(at).replied_to {
            at = earlier;
        }
        self.id(at)
    }

    /// Who wrote the post; all versions have one author.
    pub(crate) fn author(&self, index: u64) -> u64 {
        let root = self.edition(index).root;
        // Few accounts write much, as everywhere: the smaller of two draws.
        let mut draw = Draw::new(self.seed, For::Author, root.wrapping_mul(31));
        draw.below(authors::AUTHORS).min(draw.below(authors::AUTHORS))
    }

    /// A post that its author deleted before anyone could find it.
    pub(crate) fn is_gone(&self, index: u64) -> bool {
        self.edition(index).versions == 1 && Draw::new(self.seed, For::Absent, index).chance(12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixMs;

    fn timeline(span: Duration) -> Timeline {
        Timeline { seed: 5, start: UnixMs(1_600_000_000_000), span, posts: 5_000, per_1000s: 0, halted: None }
    }

    #[test]
    fn every_version_of_a_post_knows_the_same_chain() {
        let line = timeline(Duration::from_secs(3_600));
        let mut edited = 0;
        for index in 0..5_000 {
            let chain: Vec<u64> = line.versions(line.edition(index), 5_000).collect();
            assert!(chain.contains(&index));
            assert!(chain.len() <= 6);
            for other in &chain {
                assert_eq!(line.versions(line.edition(*other), 5_000).collect::<Vec<_>>(), chain);
                assert_eq!(line.author(*other), line.author(index));
            }
            edited += u32::from(chain.len() > 1);
        }
        assert!((50..500).contains(&edited), "{edited}");
    }

    #[test]
    fn nothing_is_edited_after_half_an_hour() {
        let line = timeline(Duration::from_secs(5_000 * 1_200));
        for index in 0..5_000 {
            let edition = line.edition(index);
            assert!(line.created(index).0 - line.created(edition.root).0 <= millis(EDITABLE));
        }
    }

    #[test]
    fn references_point_to_earlier_posts_only() {
        let line = timeline(Duration::from_secs(3_600));
        let (mut replies, mut quotes) = (0, 0);
        for index in 0..5_000 {
            let Relations { replied_to, quoted } = line.relations(index);
            assert!(replied_to.is_none_or(|to| to < index));
            assert!(quoted.is_none_or(|of| of < index));
            replies += u32::from(replied_to.is_some());
            quotes += u32::from(quoted.is_some());
        }
        assert!(replies > 500 && quotes > 200, "{replies} {quotes}");
    }
}
