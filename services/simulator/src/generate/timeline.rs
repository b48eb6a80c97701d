//! When post number i was created and which id it has: arithmetic, nothing is held.

use std::time::Duration;

use super::draw::{Draw, For};
use crate::clock::{UnixMs, millis};
use crate::ids::PostId;

/// The lowest bits of a post's id are left to its media and its poll, so that those lead back to it.
pub(crate) const CHILD_BITS: u32 = 3;
/// Posts a millisecond that ids have room for.
pub(crate) const POSTS_PER_MS: u64 = 4096;

/// Posts spread over a span before the start, and new ones at a rate from then on.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    pub(crate) seed: u64,
    pub(crate) start: UnixMs,
    pub(crate) span: Duration,
    /// Posts that exist before the start.
    pub(crate) posts: u64,
    /// New posts in 1,000 seconds.
    pub(crate) per_1000s: u64,
    /// Nothing new is posted after this.
    pub(crate) halted: Option<UnixMs>,
}

impl Timeline {
    pub(crate) fn created(&self, index: u64) -> UnixMs {
        // A place between its own beginning and the next one's: later posts are never older.
        let place = |n: u64| {
            u128::from(n) * 1000 + u128::from(Draw::new(self.seed, For::Timeline, index).below(1000))
        };
        let after = |ms: u128| UnixMs(self.start.0.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)));
        if index < self.posts {
            let span = millis(self.span);
            let ms = place(index) * u128::from(span.unsigned_abs()) / (u128::from(self.posts) * 1000);
            UnixMs(after(ms).0 - span)
        } else if self.per_1000s > 0 {
            after(place(index - self.posts) * 1000 / u128::from(self.per_1000s))
        } else {
            UnixMs(i64::MAX)
        }
    }

    /// How many posts there are at `now`: they are those with a smaller index.
    pub(crate) fn existing(&self, now: UnixMs) -> u64 {
        let now = self.halted.map_or(now, |halted| halted.min(now));
        let since = u128::from(now.0.saturating_sub(self.start.0).max(0).unsigned_abs());
        let live = u64::try_from(since * u128::from(self.per_1000s) / 1_000_000).unwrap_or(u64::MAX / 2) + 2;
        let most = self.posts + if self.per_1000s > 0 { live } else { 0 };
        partition(most, |index| self.created(index) <= now)
    }

    pub(crate) fn id(&self, index: u64) -> PostId {
        let at = self.created(index);
        let earlier = (1..=index).take_while(|back| self.created(index - back) == at).count() as u64;
        let worker = Draw::new(self.seed, For::Timeline, index ^ u64::MAX).below(1 << 7);
        PostId::at(at, (earlier << 10) | (worker << CHILD_BITS))
    }

    /// The first index at or above `id`, among `existing` posts.
    pub(crate) fn first_at_or_above(&self, id: PostId, existing: u64) -> u64 {
        partition(existing, |index| self.id(index) < id)
    }

    /// The index of the post with exactly this id, among `existing` posts.
    pub(crate) fn index(&self, id: PostId, existing: u64) -> Option<u64> {
        let index = self.first_at_or_above(id, existing);
        (index < existing && self.id(index) == id).then_some(index)
    }
}

fn partition(len: u64, is_before: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline() -> Timeline {
        Timeline {
            seed: 3,
            start: UnixMs(1_600_000_000_000),
            span: Duration::from_secs(2),
            posts: 9_000,
            per_1000s: 50_000,
            halted: None,
        }
    }

    #[test]
    fn ids_rise_with_the_index_and_lead_back_to_it() {
        let line = timeline();
        let ids: Vec<PostId> = (0..9_500).map(|i| line.id(i)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        for (i, id) in (0..).zip(&ids) {
            assert_eq!(line.index(*id, 9_500), Some(i));
            assert_eq!(id.created(), line.created(i));
        }
    }

    #[test]
    fn all_earlier_posts_exist_at_the_start_and_new_ones_follow_at_the_rate() {
        let line = timeline();
        assert_eq!(line.existing(UnixMs(line.start.0 - 1)), 9_000);
        assert_eq!(line.existing(line.start.minus(Duration::from_secs(3))), 0);
        let later = line.existing(line.start.plus(Duration::from_secs(10)));
        assert!((9_499..=9_501).contains(&later), "{later}");
    }

    #[test]
    fn nothing_new_is_posted_after_a_halt_and_what_there_is_stays() {
        let mut line = timeline();
        let halt = line.start.plus(Duration::from_secs(10));
        let before = line.existing(halt);
        line.halted = Some(halt);
        assert_eq!(line.existing(halt.plus(Duration::from_secs(60))), before);
        assert!(line.existing(line.start) < before);
    }
}
