//! Messages in a row with something to set aside: many look like a fault of ours, not of the data.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Counts them over the whole process.
#[derive(Debug)]
pub struct Streak {
    count: AtomicU32,
    limit: u32,
}

impl Streak {
    /// Trips after `limit` in a row.
    pub fn new(limit: u32) -> Self {
        Self { count: AtomicU32::new(0), limit }
    }

    /// A message with nothing to set aside ends the streak.
    pub fn good(&self) {
        self.count.store(0, Relaxed);
    }

    /// A message of which something is set aside. True if the streak is now at its limit.
    pub fn bad(&self) -> bool {
        self.count.fetch_add(1, Relaxed) + 1 >= self.limit
    }

    /// Takes one of those that may still be set aside in a row, before it is: writers side by side must not pass the
    /// limit together. False if none is left.
    pub fn take(&self) -> bool {
        let next = |count| (count < self.limit).then_some(count + 1);
        self.count.fetch_update(Relaxed, Relaxed, next).is_ok()
    }

    /// So many in a row that nothing further may be set aside.
    pub fn tripped(&self) -> bool {
        self.count.load(Relaxed) >= self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trips_after_so_many_in_a_row_and_ends_with_a_good_one() {
        let streak = Streak::new(3);
        assert!(!streak.bad() && !streak.bad());
        streak.good();
        assert!(!streak.bad() && !streak.bad() && !streak.tripped());
        assert!(streak.bad() && streak.tripped());
        streak.good();
        assert!(!streak.tripped());
    }

    #[test]
    fn no_more_than_the_limit_are_taken_however_many_ask() {
        let streak = Streak::new(3);
        let taken: Vec<bool> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| streak.take())).collect();
            asked.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 3);
        assert!(streak.tripped());
    }
}
