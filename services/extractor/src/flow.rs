//! The whole way of a page: plan -> reserve -> fetch -> normalise -> batch -> commit.

use std::time::{Duration, Instant};

use tracing::{Instrument as _, Span};

use crate::batch::{self, Fetched, Priced};
use crate::clock::millis;
use crate::extractor::Extractor;
use crate::fetch::{Answer, Fetching};
use crate::money::Bill;
use crate::normalise::normalise;
use crate::plan::{self, Seen, Step, Walk};
use crate::to_kafka::Fenced;

/// Polls of a rule that find nothing merge to one message in this time.
const IDLE_REPORT_MS: i64 = 60 * 60 * 1000;

impl Extractor {
    /// One page of one rule, from plan to commit; or the time when it is worth trying.
    pub(crate) async fn page(&mut self, at: usize) -> Result<(), Fenced> {
        let walk = match self.plan(at) {
            Step::Ask(walk) => walk,
            Step::Close(walk) => return self.close(at, walk).await,
            Step::Wait(until) => {
                self.not_before(at, until);
                return Ok(());
            }
        };
        if !self.reserve(at, &walk).await? {
            self.keep(at, walk);
            return Ok(());
        }
        let root = crate::spans::page(&walk);
        self.fetch_and_commit(at, walk).instrument(root).await?;
        self.release_before_a_wait(at).await
    }

    /// Everything within the root span.
    async fn fetch_and_commit(&mut self, at: usize, walk: Walk) -> Result<(), Fenced> {
        match self.fetch(at, &walk).await? {
            Fetching::Answered(answer) => self.answered(at, &walk, *answer).await?,
            Fetching::Refused(error, action) => {
                Span::current().record("otel.status_code", "ERROR");
                Span::current().record("error.type", crate::retry::class(&error));
                self.refused(at, walk, &error, &action);
            }
            Fetching::Interrupted => self.keep(at, walk),
        }
        Ok(())
    }

    /// A walk that was not answered is tried again as it is.
    fn keep(&mut self, at: usize, walk: Walk) {
        self.rules[at].unanswered = Some(walk);
    }

    fn plan(&mut self, at: usize) -> Step {
        let now = millis(self.clock.now());
        let rule = &mut self.rules[at];
        match rule.unanswered.take() {
            Some(walk) => plan::again(walk, &rule.terms, now),
            None => plan::next(&rule.cursor, &rule.terms, now),
        }
    }

    /// An answer is in hand: nothing but Kafka stands between it and safety.
    async fn answered(&mut self, at: usize, walk: &Walk, answer: Answer) -> Result<(), Fenced> {
        let Answer { page, requested_at, received_at, observed_at } = answer;
        let seen = Seen {
            newest: page.newest_id().map(x_api::TweetId::get),
            oldest: page.oldest_id().map(x_api::TweetId::get),
            next_token: page.next_token().map(str::to_owned),
        };
        self.mind_the_window(&page.received);
        let bill = Bill::of(&page);
        let priced = Priced { bill, cost: self.prices.cost(bill) };
        let rule = &self.rules[at];
        let fetched = Fetched {
            requested_at,
            received_at,
            observed_at: millis(observed_at),
            attempts: rule.attempts,
            refetched: rule.refetch,
        };
        let content = normalise(page);
        let nothing = bill == Bill::default() && content.errors.is_empty() && content.unparsed.is_empty();
        if nothing && walk.is_idle(&seen) {
            return self.found_nothing(at, walk, fetched).await;
        }
        let batch = batch::page(content, walk, &seen, fetched, priced);
        let ledger = self.ledger.settle(priced.cost, observed_at.date());
        if priced.cost > rule.rule.worst_page {
            tracing::warn!(
                rule = rule.rule.name,
                cost = %priced.cost,
                worst = %rule.rule.worst_page,
                "a page cost more than its worst price: raise prices.mentions_per_post, or take fewer expansions"
            );
        }
        self.commit_page(at, batch, &walk.advance(&seen), ledger).await
    }

    /// Counted, and reported once an hour.
    async fn found_nothing(&mut self, at: usize, walk: &Walk, fetched: Fetched) -> Result<(), Fenced> {
        let now = fetched.observed_at;
        Span::current().record("garimpo.outcome", "idle");
        self.metrics.idle(&walk.cursor.rule);
        if walk.cursor.idle_since.is_some_and(|since| now - since >= IDLE_REPORT_MS) {
            let (message, cursor) = (batch::idle(walk, fetched), walk.advance(&Seen::default()));
            let ledger = self.ledger.clone();
            return self.commit_page(at, message, &cursor, ledger).await;
        }
        // Written at once: a restart then knows that nothing is on its way.
        self.commit_cursor(at, walk.idle(now)).await?;
        self.rules[at].answered();
        Ok(())
    }

    /// The rest of the walk lies further back than X reaches: the message says so, and costs nothing.
    async fn close(&mut self, at: usize, walk: Walk) -> Result<(), Fenced> {
        let now = crate::clock::local_millis();
        let observed_at = millis(self.clock.now());
        let fetched = Fetched { requested_at: now, received_at: now, observed_at, ..Fetched::default() };
        let (content, seen) = (contract::TweetBatch::default(), Seen::default());
        let mut batch = batch::page(content, &walk, &seen, fetched, Priced::default());
        (batch.covers_from, batch.covers_to) = (None, None);
        let (cursor, ledger) = (walk.advance(&seen), self.ledger.clone());
        let root = crate::spans::page(&walk);
        self.commit_page(at, batch, &cursor, ledger).instrument(root).await
    }

    /// X's clock decides; a poll waits at least a little, whatever the clocks say.
    fn not_before(&mut self, at: usize, until: i64) {
        let wait = u64::try_from(until - millis(self.clock.now())).unwrap_or(0).max(50);
        self.rules[at].wait(Instant::now() + Duration::from_millis(wait), "settle");
    }
}
