//! What the simulator served and billed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Answer of `GET /_sim/served`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Served {
    /// How often each post was served.
    pub posts: BTreeMap<String, Times>,
    /// Each page that was asked for.
    pub pages: Vec<Page>,
}

/// How often a post was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Times {
    /// As a match (in `data`).
    pub data: u64,
    /// As one that another post refers to (in `includes`).
    pub included: u64,
}

/// A page: one request's bounds and token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Page {
    /// How often it was served.
    pub times: u64,
    /// Most posts it ever held: an empty page costs nothing, and may be asked for as often as a rule is polled.
    pub posts: u64,
    /// Query, bounds, token.
    #[serde(flatten)]
    pub request: Map<String, Value>,
}

impl Served {
    /// Pages with posts that were served more than once, with the times beyond the first.
    pub fn pages_again(&self) -> Vec<(String, u64)> {
        let again = self.pages.iter().filter(|page| page.times > 1 && page.posts > 0);
        again.map(|page| (page.name(), page.times - 1)).collect()
    }
}

impl Page {
    fn name(&self) -> String {
        let said = self.request.iter().filter(|(_, value)| !value.is_null());
        let said: Vec<String> = said.map(|(key, value)| format!("{key}={value}")).collect();
        said.join(" ")
    }
}

/// Answer of `GET /_sim/bill`, as far as it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct Bill {
    /// All that was billed, millionths of a dollar.
    pub usd_micros: i64,
}
