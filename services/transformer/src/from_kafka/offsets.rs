//! How far a partition's offset may move: to the lowest message that is not applied yet, whatever ended first.

use std::collections::VecDeque;

/// The messages of one partition since it was assigned.
#[derive(Debug, Default)]
pub struct Offsets {
    /// Ascending; what leads the queue is not applied.
    open: VecDeque<Open>,
    last: Option<i64>,
    moved: bool,
}

#[derive(Debug)]
struct Open {
    offset: i64,
    timestamp_ms: i64,
    applied: bool,
}

impl Offsets {
    /// A message came. False if it came before: reading on after a pause may repeat some.
    pub fn receive(&mut self, offset: i64, timestamp_ms: i64) -> bool {
        if self.last.is_some_and(|last| offset <= last) {
            return false;
        }
        self.last = Some(offset);
        self.open.push_back(Open { offset, timestamp_ms, applied: false });
        true
    }

    /// A message is applied, skipped or set aside.
    pub fn apply(&mut self, offset: i64) {
        if let Ok(at) = self.open.binary_search_by_key(&offset, |open| open.offset) {
            self.open[at].applied = true;
        }
        while self.open.front().is_some_and(|open| open.applied) {
            self.open.pop_front();
            self.moved = true;
        }
    }

    /// The offset to commit: that of the lowest message not applied, or one past the last.
    /// `None` before anything at the front was applied.
    pub fn position(&self) -> Option<i64> {
        if !self.moved {
            return None;
        }
        // Transaction markers leave holes, so the position is not always one past what was applied.
        self.open.front().map(|open| open.offset).or(self.last.map(|last| last + 1))
    }

    /// Received and not applied.
    pub fn is_open(&self, offset: i64) -> bool {
        self.open.binary_search_by_key(&offset, |open| open.offset).is_ok_and(|at| !self.open[at].applied)
    }

    /// Messages received and not applied.
    pub fn unapplied(&self) -> usize {
        self.open.iter().filter(|open| !open.applied).count()
    }

    /// Kafka's timestamp of the lowest message not applied (milliseconds since 1970 UTC).
    pub fn oldest_ms(&self) -> Option<i64> {
        self.open.front().map(|open| open.timestamp_ms)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_committed_before_the_first_message_is_applied() {
        let mut offsets = Offsets::default();
        assert!(offsets.receive(7, 0) && offsets.receive(8, 0));
        offsets.apply(8);
        assert_eq!(offsets.position(), None);
        offsets.apply(7);
        assert_eq!(offsets.position(), Some(9));
    }

    #[test]
    fn a_message_that_comes_again_is_passed_over() {
        let mut offsets = Offsets::default();
        assert!(offsets.receive(3, 0));
        assert!(!offsets.receive(3, 0));
        assert!(!offsets.receive(2, 0));
        assert!(offsets.receive(5, 0));
        assert_eq!(offsets.unapplied(), 2);
    }

    proptest! {
        #[test]
        fn any_order_of_completion_commits_only_to_the_lowest_unapplied(
            gaps in prop::collection::vec(1_i64..4, 1..60),
            order in any::<prop::sample::Index>(),
            seeds in prop::collection::vec(any::<u64>(), 60),
        ) {
            let received: Vec<i64> =
                gaps.iter().scan(100, |at, gap| { *at += gap; Some(*at) }).collect();
            let mut shuffled: Vec<i64> = received.clone();
            shuffled.sort_by_key(|offset| seeds[usize::try_from(*offset).unwrap() % seeds.len()] ^ u64::try_from(*offset).unwrap());
            let done = order.index(shuffled.len()) + 1;

            let mut offsets = Offsets::default();
            for offset in &received {
                prop_assert!(offsets.receive(*offset, 0));
            }
            let mut before = None;
            for (count, offset) in shuffled[..done].iter().enumerate() {
                offsets.apply(*offset);
                let applied = &shuffled[..=count];
                let lowest = received.iter().find(|offset| !applied.contains(offset)).copied();
                let position = offsets.position();
                match lowest {
                    Some(lowest) if lowest == received[0] => prop_assert_eq!(position, None),
                    Some(lowest) => prop_assert_eq!(position, Some(lowest)),
                    None => prop_assert_eq!(position, Some(received[received.len() - 1] + 1)),
                }
                prop_assert!(position >= before, "never back");
                before = position;
            }
        }
    }
}
