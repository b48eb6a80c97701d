//! Writers that try the same thing again and again: what they wait for is a check of the health endpoint.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bootstrap::Readiness;

/// MySQL takes what is written.
pub(crate) const WRITES: &str = "writes";
/// The rejected topic takes what is set aside.
pub(crate) const DEAD_LETTERS: &str = "dead letters";

/// How many are stuck at each check; a check is good once none is.
#[derive(Debug)]
pub struct Stuck {
    readiness: Readiness,
    writers: Mutex<BTreeMap<&'static str, usize>>,
}

/// One that is; dropped, it goes on.
#[derive(Debug)]
pub(crate) struct One {
    stuck: Arc<Stuck>,
    check: &'static str,
}

impl Stuck {
    /// Nobody is: its checks are good.
    pub fn new(readiness: Readiness) -> Arc<Self> {
        for check in [WRITES, DEAD_LETTERS] {
            readiness.set(check, Ok(()));
        }
        Arc::new(Self { readiness, writers: Mutex::default() })
    }

    /// A writer is stuck there, or still is; `one` ends it when dropped.
    pub(crate) fn at(self: &Arc<Self>, check: &'static str, reason: &str, one: &mut Option<One>) {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        one.get_or_insert_with(|| {
            *writers.entry(check).or_default() += 1;
            One { stuck: Arc::clone(self), check }
        });
        self.readiness.set(check, Err(reason));
    }
}

impl Drop for One {
    fn drop(&mut self) {
        let mut writers = self.stuck.writers.lock().unwrap_or_else(PoisonError::into_inner);
        let left = writers.entry(self.check).or_default();
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.stuck.readiness.set(self.check, Ok(()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_good_again_once_the_last_one_goes_on() {
        let readiness = Readiness::new(&[WRITES, DEAD_LETTERS]);
        let stuck = Stuck::new(readiness.clone());
        assert!(readiness.is_ready());
        let (mut first, mut second) = (None, None);
        stuck.at(WRITES, "table full", &mut first);
        stuck.at(WRITES, "table full", &mut first);
        stuck.at(WRITES, "table full", &mut second);
        drop(first);
        assert!(!readiness.is_ready());
        drop(second);
        assert!(readiness.is_ready());
    }
}
