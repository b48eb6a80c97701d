//! Rate limits: so many requests in a window, and at most one a second where that is on.

use std::collections::HashMap;

use serde::Deserialize;

use crate::clock::UnixMs;

/// The limits in force; `POST /_sim/limits` changes those it names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) search: u32,
    pub(crate) counts: u32,
    pub(crate) usage: u32,
    pub(crate) window_seconds: u32,
    pub(crate) one_per_second: bool,
}

/// What a test changes of the limits.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    search: Option<u32>,
    counts: Option<u32>,
    usage: Option<u32>,
    window_seconds: Option<u32>,
    one_per_second: Option<bool>,
}

/// What the headers of one answer say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Unix seconds.
    pub(crate) reset: i64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    WindowSpent,
    TooSoon,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    began: UnixMs,
    used: u32,
    last: Option<UnixMs>,
}

/// The windows of each endpoint.
#[derive(Debug)]
pub(crate) struct Counter {
    limits: Limits,
    windows: HashMap<&'static str, Window>,
}

impl Counter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, windows: HashMap::new() }
    }

    /// Counts a request; a refused one uses up nothing.
    pub(crate) fn request(&mut self, path: &'static str, now: UnixMs) -> (Standing, Verdict) {
        let limit = self.limit(path);
        let length = i64::from(self.limits.window_seconds) * 1000;
        let window = self.windows.entry(path).or_insert(Window { began: now, used: 0, last: None });
        if now.0 - window.began.0 >= length {
            *window = Window { began: now, used: 0, last: window.last };
        }
        let verdict = if window.used >= limit {
            Verdict::WindowSpent
        } else if self.limits.one_per_second && window.last.is_some_and(|last| now.0 - last.0 < 1000) {
            Verdict::TooSoon
        } else {
            window.used += 1;
            window.last = Some(now);
            Verdict::Allowed
        };
        // Rounded up: who waits until then finds a new window.
        let reset = (window.began.0 + length + 999).div_euclid(1000);
        (Standing { limit, remaining: limit.saturating_sub(window.used), reset }, verdict)
    }

    pub(crate) fn change(&mut self, change: Change) {
        let limits = &mut self.limits;
        for (limit, new) in [
            (&mut limits.search, change.search),
            (&mut limits.counts, change.counts),
            (&mut limits.usage, change.usage),
            (&mut limits.window_seconds, change.window_seconds),
        ] {
            *limit = new.unwrap_or(*limit);
        }
        limits.one_per_second = change.one_per_second.unwrap_or(limits.one_per_second);
        self.windows.clear();
    }

    fn limit(&self, path: &str) -> u32 {
        match path {
            "/2/tweets/counts/recent" => self.limits.counts,
            "/2/usage/tweets" => self.limits.usage,
            _ => self.limits.search,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEARCH: &str = "/2/tweets/search/recent";

    fn counter(search: u32, one_per_second: bool) -> Counter {
        Counter::new(Limits { search, counts: 3, usage: 1, window_seconds: 900, one_per_second })
    }

    #[test]
    fn a_spent_window_opens_again_at_its_reset() {
        let mut counter = counter(2, false);
        let start = UnixMs(1_600_000_000_500);
        assert_eq!(
            counter.request(SEARCH, start).0,
            Standing { limit: 2, remaining: 1, reset: 1_600_000_901 }
        );
        assert_eq!(counter.request(SEARCH, start).0.remaining, 0);
        let (standing, verdict) = counter.request(SEARCH, start);
        assert_eq!((standing.remaining, verdict), (0, Verdict::WindowSpent));
        assert_eq!(counter.request("/2/usage/tweets", start).1, Verdict::Allowed);
        assert_eq!(counter.request(SEARCH, UnixMs(standing.reset * 1000)).1, Verdict::Allowed);
    }

    #[test]
    fn a_second_request_within_a_second_is_too_soon_and_leaves_the_window_as_it_was() {
        let mut counter = counter(5, true);
        counter.request(SEARCH, UnixMs(10_000));
        let (standing, verdict) = counter.request(SEARCH, UnixMs(10_999));
        assert_eq!((standing.remaining, verdict), (4, Verdict::TooSoon));
        assert_eq!(counter.request(SEARCH, UnixMs(11_000)).1, Verdict::Allowed);
    }
}
