//! What goes to Kafka: reservations before a request, pages after their answer, and nothing held at the end.

use std::time::{Duration, Instant};

use contract::topics::{BATCHES, PART_LIMIT_BYTES};
use contract::{BatchId, Cursor, TweetBatch};
use tracing::{Instrument as _, Span};

use crate::batch;
use crate::clock::{local_millis, until_midnight};
use crate::extractor::{Extractor, Running};
use crate::metrics::Committed;
use crate::money::{Ledger, Room, UsdMicros};
use crate::plan::Walk;
use crate::retry;
use crate::spans;
use crate::to_kafka::{Fenced, Receipt, Transaction};

/// How long a stop waits for Kafka to take what is no answer.
const GRACE: Duration = Duration::from_secs(5);

impl Extractor {
    /// Before a request: its worst price is reserved durably, and so is that it may be on its way. False: not now.
    pub(crate) async fn reserve(&mut self, at: usize, walk: &Walk) -> Result<bool, Fenced> {
        let today = match self.clock.day() {
            Ok(today) => today,
            Err(wait) => {
                self.rules[at].wait(Instant::now() + wait, "midnight");
                return Ok(false);
            }
        };
        let ledger = self.ledger.on(today);
        let ledger = match ledger.room(self.rules[at].rule.worst_page, self.block) {
            Room::Held => ledger,
            Room::Reserve(more) => more,
            Room::Exhausted => {
                self.ledger = ledger;
                self.day_is_spent(at);
                self.release().await?;
                return Ok(false);
            }
        };
        let rule = &mut self.rules[at];
        if walk.page() == 1 {
            if rule.attempts == 0 {
                rule.begun = Instant::now();
            }
            // A walk begun is a walk written: a restart asks with the same bounds.
            rule.cursor = walk.cursor.clone();
        }
        let mark = Cursor { in_flight: true, updated_at: local_millis(), ..rule.cursor.clone() };
        let mut transaction = Transaction::new();
        // Asked again after a pause, it is written again: another process may have the identity by now, and Kafka says so.
        let marked = is_marked(&rule.written, &mark) && rule.attempts == 0;
        if !marked {
            transaction = expect(transaction.cursor(&mark));
        }
        if self.written.as_ref() != Some(&ledger) {
            transaction = expect(transaction.money(&ledger.record(&self.identity, local_millis())));
        }
        if !transaction.is_empty() && !self.commit_unless_stopped(&transaction).await? {
            return Ok(false);
        }
        if !marked {
            let rule = &mut self.rules[at];
            (rule.cursor, rule.written) = (mark.clone(), mark);
        }
        self.wrote(ledger);
        Ok(true)
    }

    fn day_is_spent(&mut self, at: usize) {
        let wait = until_midnight(self.clock.now());
        let rule = &mut self.rules[at];
        tracing::warn!(
            rule = rule.rule.name,
            limit = %self.ledger.limit,
            spent = %self.ledger.spent,
            carried = %self.ledger.carried,
            wait_s = wait.as_secs(),
            "the day's limit leaves too little for a page; going on at X's next UTC day"
        );
        rule.wait(Instant::now() + wait + Duration::from_millis(10), "daily limit");
    }

    /// After an answer: batch, cursor and money in one transaction, until Kafka takes it.
    pub(crate) async fn commit_page(
        &mut self,
        at: usize,
        batch: TweetBatch,
        cursor: &Cursor,
        ledger: Ledger,
    ) -> Result<(), Fenced> {
        let (matched, included, refetched) = (batch.tweets.len(), batch.included.len(), batch.refetched);
        let cost = UsdMicros(batch.cost_usd_micros);
        let root = Span::current();
        root.record("garimpo.tweets", matched);
        root.record("garimpo.included", included);
        root.record("garimpo.cost_usd", cost.dollars());
        root.record("garimpo.refetched", refetched);

        let cursor = Cursor { updated_at: local_millis(), ..cursor.clone() };
        let id = BatchId { rule: batch.rule.clone(), walk: batch.walk, page: batch.page, part: None };
        let head = TweetBatch {
            batch_id: batch.batch_id.clone(),
            identity: batch.identity.clone(),
            ..TweetBatch::default()
        };
        let parts = expect(batch::parts(batch, &id, PART_LIMIT_BYTES));
        let values: Vec<Vec<u8>> = parts.iter().map(|part| expect(self.framing.encode(part))).collect();
        let send = spans::send(&head, &id.partition_key(), parts.len(), values.iter().map(Vec::len).sum());
        let transaction = expect(Transaction::new().cursor(&cursor));
        let mut transaction = expect(transaction.money(&ledger.record(&self.identity, local_millis())));
        for (part, value) in parts.iter().zip(values) {
            transaction = transaction.batch(
                id.partition_key(),
                value,
                spans::message_headers(&send, part, self.framing),
            );
        }
        let count = parts.len();
        drop(parts);
        let receipt = self.commit(&transaction).instrument(send.clone()).await?;
        spans::sent(&send, receipt);

        let rule = &mut self.rules[at];
        (rule.cursor, rule.written) = (cursor.clone(), cursor);
        rule.answered();
        tracing::info!(batch = %id, matched, included, %cost, refetched, finished = !rule.cursor.open, "committed");
        let committed = Committed { matched, included, parts: count, refetched, cost };
        self.metrics.committed(&rule.rule.name, &committed);
        self.wrote(ledger);
        Ok(())
    }

    /// A cursor alone.
    pub(crate) async fn commit_cursor(&mut self, at: usize, cursor: Cursor) -> Result<(), Fenced> {
        let cursor = Cursor { updated_at: local_millis(), ..cursor };
        if !self.commit_unless_stopped(&expect(Transaction::new().cursor(&cursor))).await? {
            return Ok(());
        }
        let rule = &mut self.rules[at];
        (rule.cursor, rule.written) = (cursor.clone(), cursor);
        Ok(())
    }

    /// No request is on its way: what is reserved is given back, so that a restart carries nothing. A page that may have
    /// been billed before stays marked until it is here. False: stopped before Kafka took it.
    pub(crate) async fn release(&mut self) -> Result<bool, Fenced> {
        let ledger = self.ledger.released();
        let now = local_millis();
        let held = |rule: &Running| rule.written.in_flight != rule.refetch;
        let mut transaction = Transaction::new();
        let mut cursors = Vec::new();
        for (at, rule) in self.rules.iter().enumerate().filter(|(_, rule)| held(rule)) {
            let cursor = Cursor { in_flight: rule.refetch, updated_at: now, ..rule.cursor.clone() };
            transaction = expect(transaction.cursor(&cursor));
            cursors.push((at, cursor));
        }
        if self.written.as_ref() != Some(&ledger) {
            transaction = expect(transaction.money(&ledger.record(&self.identity, now)));
        }
        if transaction.is_empty() {
            return Ok(true);
        }
        if !self.commit_unless_stopped(&transaction).await? {
            return Ok(false);
        }
        for (at, cursor) in cursors {
            (self.rules[at].cursor, self.rules[at].written) = (cursor.clone(), cursor);
        }
        self.wrote(ledger);
        Ok(true)
    }

    /// Whoever waits long has nothing on its way; a poll's ordinary pause is not worth a transaction.
    pub(crate) async fn release_before_a_wait(&mut self, at: usize) -> Result<(), Fenced> {
        let all_wait = self.all_wait.is_some_and(|(until, _)| until > Instant::now());
        if self.all_stopped || all_wait || self.rules[at].stopped.is_some() {
            self.release().await?;
        }
        Ok(())
    }

    fn wrote(&mut self, ledger: Ledger) {
        self.metrics.money(&ledger);
        self.written = Some(ledger.clone());
        self.ledger = ledger;
    }

    /// For what is no answer in hand: a stop does not wait for a Kafka that is not there. False: stopped.
    async fn commit_unless_stopped(&mut self, transaction: &Transaction) -> Result<bool, Fenced> {
        let stop = self.stop.clone();
        let too_long = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            committed = self.commit(transaction) => committed.map(|_| true),
            () = too_long => Ok(false),
        }
    }

    /// Until Kafka takes it.
    async fn commit(&mut self, transaction: &Transaction) -> Result<Receipt, Fenced> {
        let bought = transaction.messages().iter().any(|message| message.topic == BATCHES);
        let what = if bought { "what was bought" } else { "a reservation or a cursor" };
        let (readiness, heartbeat, metrics) = (&self.readiness, &self.heartbeat, &self.metrics);
        let receipt = self
            .kafka
            .commit(transaction, |failure| {
                heartbeat.beat();
                metrics.transaction_again();
                readiness.set("kafka", Err(&format!("Kafka does not take {what}: {failure}")));
            })
            .await?;
        self.readiness.set("kafka", Ok(()));
        Ok(receipt)
    }
}

/// Whether Kafka knows already that this request may be on its way.
fn is_marked(written: &Cursor, mark: &Cursor) -> bool {
    *written == Cursor { updated_at: written.updated_at, ..mark.clone() }
}

/// A record that does not fit the schema embedded beside it is a mistake of this program; nothing was sent.
#[expect(
    clippy::expect_used,
    reason = "the contract's tests encode every record; going on would lose what was bought"
)]
fn expect<T>(encoded: Result<T, contract::WireError>) -> T {
    encoded.expect("a record of the contract fits its schema")
}

impl Running {
    /// The next page was answered: what was counted for it begins anew.
    pub(crate) fn answered(&mut self) {
        self.attempts = 0;
        self.first_asked = None;
        self.refetch = false;
        self.pauses = None;
        self.unanswered = None;
        self.due = if self.cursor.open { Instant::now() } else { self.begun + self.rule.poll_interval };
        self.waits_for = "poll";
    }

    pub(crate) fn wait(&mut self, until: Instant, reason: &'static str) {
        self.due = until;
        self.waits_for = reason;
    }

    /// The next pause of a row of failures.
    pub(crate) fn pause(&mut self) -> Duration {
        let pauses = self.pauses.get_or_insert_with(retry::pauses);
        pauses.next().unwrap_or(Duration::from_secs(60))
    }
}
