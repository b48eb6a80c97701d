//! What the extractor counts.

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Gauge, Histogram};

use crate::money::{Ledger, UsdMicros};

/// Instruments of the extractor, each by rule where that says something.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    posts: Counter<u64>,
    batches: Counter<u64>,
    polls: Counter<u64>,
    pages: Counter<u64>,
    retries: Counter<u64>,
    refetched: Counter<u64>,
    spend: Counter<f64>,
    left: Gauge<f64>,
    page: Gauge<f64>,
    carried: Gauge<f64>,
    waits: Histogram<f64>,
    transactions: Counter<u64>,
}

impl Metrics {
    /// Makes the instruments; what they count goes nowhere without telemetry.
    pub(crate) fn new() -> Self {
        let meter = bootstrap::meter();
        let counter =
            |name, unit, about| meter.u64_counter(name).with_unit(unit).with_description(about).build();
        let dollars = |name, about| meter.f64_gauge(name).with_unit("USD").with_description(about).build();
        Self {
            posts: counter(
                "garimpo.extractor.posts",
                "{post}",
                "Posts committed, matched and included apart",
            ),
            batches: counter("garimpo.extractor.batches", "{batch}", "Messages committed, parts included"),
            polls: counter("garimpo.extractor.polls", "{poll}", "Polls that found nothing"),
            pages: counter("garimpo.extractor.pages", "{page}", "Answers committed"),
            retries: counter("garimpo.extractor.retries", "{request}", "Failed requests, by class"),
            refetched: counter(
                "garimpo.extractor.refetched",
                "{page}",
                "Pages that may have been billed before",
            ),
            spend: meter
                .f64_counter("garimpo.extractor.spend")
                .with_unit("USD")
                .with_description("Price of committed answers")
                .build(),
            left: dollars("garimpo.extractor.budget.left", "What the day's limit still allows"),
            page: dollars("garimpo.extractor.budget.page", "The most one request may cost"),
            carried: dollars(
                "garimpo.extractor.budget.carried",
                "Possible price of answers never committed today",
            ),
            waits: meter
                .f64_histogram("garimpo.extractor.wait")
                .with_unit("s")
                .with_description("Time waited before requests, by reason")
                .build(),
            transactions: counter("garimpo.extractor.kafka.retries", "{attempt}", "Transactions done again"),
        }
    }

    pub(crate) fn committed(&self, rule: &str, page: &Committed) {
        let of = |kind: &'static str| [KeyValue::new("rule", rule.to_owned()), KeyValue::new("kind", kind)];
        let rule = [KeyValue::new("rule", rule.to_owned())];
        self.posts.add(page.matched as u64, &of("matched"));
        self.posts.add(page.included as u64, &of("included"));
        self.batches.add(page.parts as u64, &rule);
        self.pages.add(1, &rule);
        self.refetched.add(u64::from(page.refetched), &rule);
        self.spend.add(page.cost.dollars(), &rule);
    }

    pub(crate) fn idle(&self, rule: &str) {
        self.polls.add(1, &[KeyValue::new("rule", rule.to_owned())]);
    }

    pub(crate) fn failed(&self, rule: &str, class: &'static str) {
        self.retries.add(1, &[KeyValue::new("rule", rule.to_owned()), KeyValue::new("class", class)]);
    }

    pub(crate) fn money(&self, ledger: &Ledger) {
        self.left.record(ledger.left().dollars(), &[]);
        self.page.record(ledger.page.dollars(), &[]);
        self.carried.record(ledger.carried.dollars(), &[]);
    }

    pub(crate) fn waited(&self, reason: &'static str, seconds: f64) {
        self.waits.record(seconds, &[KeyValue::new("reason", reason)]);
    }

    pub(crate) fn transaction_again(&self) {
        self.transactions.add(1, &[]);
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// What a committed page held.
pub(crate) struct Committed {
    pub(crate) matched: usize,
    pub(crate) included: usize,
    pub(crate) parts: usize,
    pub(crate) refetched: bool,
    pub(crate) cost: UsdMicros,
}
