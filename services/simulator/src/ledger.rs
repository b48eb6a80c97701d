//! What was served and how often, and what X would have billed for it.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::UnixMs;
use crate::ids::PostId;

/// X's prices, in millionths of a dollar (its price list of November 2026).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prices {
    /// A post read.
    pub(crate) post: u64,
    /// A user read.
    pub(crate) user: u64,
    /// A request for recent counts.
    pub(crate) counts: u64,
}

impl Default for Prices {
    fn default() -> Self {
        Self { post: 5_000, user: 10_000, counts: 5_000 }
    }
}

/// How often one post was served, and the last day it was billed on.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Served {
    data: u16,
    included: u16,
    /// Days since the Unix epoch; 0 for never.
    #[serde(skip)]
    billed: u16,
}

/// Names a page: two requests with the same are for the same page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub(crate) struct PageKey {
    pub(crate) query: String,
    pub(crate) since_id: Option<String>,
    pub(crate) start_time: Option<String>,
    pub(crate) until_id: Option<String>,
    pub(crate) end_time: Option<String>,
    pub(crate) next_token: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct PageServed {
    /// How often it was answered.
    times: u32,
    /// How often the whole body was sent.
    answered_whole: u32,
    /// How often it held a post.
    with_posts: u32,
    /// Posts in `data`, answer by answer.
    results: Vec<usize>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Sum {
    usd_micros: u64,
    posts: u64,
    users: u64,
    counts_requests: u64,
}

/// One billed answer.
#[derive(Clone, Debug, Serialize)]
struct Billed {
    at: String,
    path: &'static str,
    data: usize,
    included: usize,
    users_returned: usize,
    posts_billed: u64,
    users_billed: u64,
    usd_micros: u64,
    cut: bool,
}

/// Resources of one answer.
pub(crate) struct Resources<'a> {
    pub(crate) data: &'a [PostId],
    pub(crate) included: &'a [PostId],
    pub(crate) users: &'a [u64],
}

/// The books.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    prices: Prices,
    same_day_rule: bool,
    posts: HashMap<u64, Served>,
    users_billed: HashMap<u64, u16>,
    pages: BTreeMap<PageKey, PageServed>,
    requests: BTreeMap<u16, u64>,
    by_day: BTreeMap<String, Sum>,
    answers: Vec<Billed>,
}

impl Ledger {
    pub(crate) fn new(same_day_rule: bool) -> Self {
        Self { same_day_rule, ..Self::default() }
    }

    /// Counts an answer of any kind.
    pub(crate) fn request(&mut self, status: u16) {
        *self.requests.entry(status).or_default() += 1;
    }

    /// Books a page: billed once it was computed and begun, though it be cut.
    pub(crate) fn page(&mut self, key: PageKey, answer: &Resources<'_>, now: UnixMs, cut: bool) {
        let page = self.pages.entry(key).or_default();
        page.times += 1;
        page.answered_whole += u32::from(!cut);
        page.with_posts += u32::from(!answer.data.is_empty());
        page.results.push(answer.data.len());

        let today = u16::try_from(now.day()).unwrap_or(u16::MAX);
        let rule = self.same_day_rule;
        let mut posts_billed = 0;
        for (ids, is_data) in [(answer.data, true), (answer.included, false)] {
            for id in ids {
                let served = self.posts.entry(id.0).or_default();
                let times = if is_data { &mut served.data } else { &mut served.included };
                *times = times.saturating_add(1);
                // A post that is both matched and referred to is one resource of the answer.
                let is_same_resource = !is_data && answer.data.contains(id);
                if !(is_same_resource || rule && served.billed == today) {
                    served.billed = today;
                    posts_billed += 1;
                }
            }
        }
        let mut users_billed = 0;
        for id in answer.users {
            let last = self.users_billed.entry(*id).or_default();
            if !(rule && *last == today) {
                *last = today;
                users_billed += 1;
            }
        }
        let usd_micros = posts_billed * self.prices.post + users_billed * self.prices.user;
        self.book(now, &Sum { usd_micros, posts: posts_billed, users: users_billed, counts_requests: 0 });
        self.answers.push(Billed {
            at: now.to_string(),
            path: "/2/tweets/search/recent",
            data: answer.data.len(),
            included: answer.included.len(),
            users_returned: answer.users.len(),
            posts_billed,
            users_billed,
            usd_micros,
            cut,
        });
    }

    /// Books a request for counts.
    pub(crate) fn counts(&mut self, now: UnixMs, cut: bool) {
        let usd_micros = self.prices.counts;
        self.book(now, &Sum { usd_micros, counts_requests: 1, ..Sum::default() });
        self.answers.push(Billed {
            at: now.to_string(),
            path: "/2/tweets/counts/recent",
            data: 0,
            included: 0,
            users_returned: 0,
            posts_billed: 0,
            users_billed: 0,
            usd_micros,
            cut,
        });
    }

    fn book(&mut self, now: UnixMs, sum: &Sum) {
        let day = self.by_day.entry(now.day_text()).or_default();
        day.usd_micros += sum.usd_micros;
        day.posts += sum.posts;
        day.users += sum.users;
        day.counts_requests += sum.counts_requests;
    }

    /// Posts billed by day, oldest first.
    pub(crate) fn posts_by_day(&self) -> Vec<(String, u64)> {
        self.by_day.iter().map(|(day, sum)| (day.clone(), sum.posts)).collect()
    }

    /// What `GET /_sim/served` answers: written straight from the books, which may hold millions of posts.
    pub(crate) fn served(&self) -> serde_json::Result<Vec<u8>> {
        let pages = (self.pages.iter()).map(|(request, served)| Page { request, served }).collect();
        serde_json::to_vec(&Report { posts: Posts(&self.posts), pages, requests: &self.requests })
    }

    /// What `GET /_sim/bill` answers.
    pub(crate) fn bill(&self) -> Value {
        let mut sum = Sum::default();
        for day in self.by_day.values() {
            sum.usd_micros += day.usd_micros;
            sum.posts += day.posts;
            sum.users += day.users;
            sum.counts_requests += day.counts_requests;
        }
        json!({
            "usd_micros": sum.usd_micros, "posts": sum.posts, "users": sum.users,
            "counts_requests": sum.counts_requests, "same_day_rule": self.same_day_rule,
            "by_day": self.by_day, "answers": self.answers,
        })
    }
}

#[derive(Serialize)]
struct Report<'a> {
    posts: Posts<'a>,
    pages: Vec<Page<'a>>,
    requests: &'a BTreeMap<u16, u64>,
}

#[derive(Serialize)]
struct Page<'a> {
    request: &'a PageKey,
    #[serde(flatten)]
    served: &'a PageServed,
}

struct Posts<'a>(&'a HashMap<u64, Served>);

impl Serialize for Posts<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORNING: UnixMs = UnixMs(1_772_352_000_000);

    fn read_twice(same_day_rule: bool, again: UnixMs) -> Value {
        let mut ledger = Ledger::new(same_day_rule);
        let (data, included) = ([PostId(8), PostId(16)], [PostId(16), PostId(24)]);
        for now in [MORNING, again] {
            let key = PageKey {
                query: "covid".into(),
                since_id: None,
                start_time: None,
                until_id: None,
                end_time: None,
                next_token: None,
            };
            ledger.page(key, &Resources { data: &data, included: &included, users: &[7] }, now, false);
        }
        ledger.bill()
    }

    #[test]
    fn a_post_that_is_matched_and_referred_to_is_one_resource_of_an_answer() {
        let evening = UnixMs(MORNING.0 + 1);
        assert_eq!(read_twice(true, evening)["usd_micros"], 3 * 5_000 + 10_000);
        assert_eq!(read_twice(false, evening)["usd_micros"], 2 * (3 * 5_000 + 10_000));
    }

    #[test]
    fn a_new_day_bills_again_and_has_its_own_sum() {
        let bill = read_twice(true, UnixMs(MORNING.0 + 86_400_000));
        assert_eq!(bill["usd_micros"], 2 * (3 * 5_000 + 10_000));
        let days: Vec<&String> = bill["by_day"].as_object().unwrap().keys().collect();
        assert_eq!(days, ["2026-03-01", "2026-03-02"]);
        assert_eq!(bill["by_day"]["2026-03-01"], bill["by_day"]["2026-03-02"]);
    }
}
