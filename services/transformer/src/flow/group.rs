//! Batches that share a MySQL transaction.

use std::time::Instant;

use contract::{TweetBatch, WireError};

use crate::aside::Letter;
use crate::enrich::Enriched;
use crate::from_kafka::Ticket;
use crate::to_mysql::{Outcome, RejectedPost};

/// Batches in hand, in the order they were taken.
#[derive(Debug, Default)]
pub struct Group {
    hands: Vec<Hand>,
    batches: Vec<Enriched>,
    /// Posts of all of them, matched and included.
    pub posts: usize,
}

/// What is known of a batch in hand beside its content.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    /// Its message.
    pub ticket: Ticket,
    /// When it was taken.
    pub taken: Instant,
}

impl Group {
    /// Takes one more.
    pub fn push(&mut self, ticket: Ticket, batch: Enriched) {
        self.posts += posts(&batch.received.batch);
        self.hands.push(Hand { ticket, taken: Instant::now() });
        self.batches.push(batch);
    }

    /// No batch.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// The batches.
    pub fn batches(&self) -> &[Enriched] {
        &self.batches
    }

    /// Their messages.
    pub fn tickets(&self) -> Vec<Ticket> {
        self.hands.iter().map(|hand| hand.ticket).collect()
    }

    /// What is in hand, with its batch.
    pub fn hands(&self) -> impl Iterator<Item = (&Hand, &Enriched)> {
        self.hands.iter().zip(&self.batches)
    }

    /// Drops what is not wanted; returns its tickets.
    pub fn retain(&mut self, wanted: impl Fn(Ticket) -> bool) -> Vec<Ticket> {
        let mut dropped = Vec::new();
        let mut at = 0;
        while at < self.hands.len() {
            let ticket = self.hands[at].ticket;
            if wanted(ticket) {
                at += 1;
            } else {
                self.hands.remove(at);
                self.posts -= posts(&self.batches.remove(at).received.batch);
                dropped.push(ticket);
            }
        }
        dropped
    }

    /// Dead letters for what the extractor could not read and what MySQL refused.
    ///
    /// # Errors
    /// A record that does not fit its schema: a mistake of ours.
    pub fn letters(&self, outcomes: &[Outcome], now_ms: i64) -> Result<Vec<Letter>, WireError> {
        let mut letters = Vec::new();
        for (batch, outcome) in self.batches.iter().zip(outcomes) {
            let (source, batch) = (&batch.received.source, &batch.received.batch);
            for object in &batch.unparsed {
                letters.push(Letter::of_unparsed(source, batch, object, now_ms)?);
            }
            if let Outcome::Refused { detail } = outcome {
                letters.push(Letter::of_batch(source, batch, detail, now_ms)?);
            }
            for post in rejected(outcome) {
                letters.push(Letter::of_post(source, post, now_ms)?);
            }
        }
        Ok(letters)
    }
}

/// Posts of a batch, matched and included.
pub fn posts(batch: &TweetBatch) -> usize {
    batch.tweets.len() + batch.included.len()
}

/// Objects that MySQL refused; a batch that it refused whole is one.
pub(super) fn refused(outcome: &Outcome) -> usize {
    rejected(outcome).len() + usize::from(matches!(outcome, Outcome::Refused { .. }))
}

/// What MySQL refused of a batch that it took otherwise.
pub fn rejected(outcome: &Outcome) -> &[RejectedPost] {
    match outcome {
        Outcome::Applied { rejected, .. }
        | Outcome::Known { rejected }
        | Outcome::Repeated { rejected, .. } => rejected,
        Outcome::Refused { .. } => &[],
    }
}

#[cfg(test)]
mod tests {
    use contract::{Tweet, Unparsed};
    use tracing::Span;

    use super::*;
    use crate::enrich::{Enricher, Received, Source, Trace, enrich};
    use crate::from_kafka::Message;

    fn group(batches: impl IntoIterator<Item = TweetBatch>) -> Group {
        let enricher = Enricher::embedded().unwrap();
        let mut group = Group::default();
        for (offset, batch) in (0..).zip(batches) {
            let message = Message::made(contract::topics::BATCHES, 3, offset, None);
            let source: Source = message.ticket.source();
            let received =
                Received { batch, source, trace: Trace::default(), committed_at_ms: 0, span: Span::none() };
            group.push(message.ticket, enrich(&enricher, received));
        }
        group
    }

    fn batch(id: &str, tweets: usize, included: usize) -> TweetBatch {
        TweetBatch {
            batch_id: id.to_owned(),
            tweets: vec![Tweet::default(); tweets],
            included: vec![Tweet::default(); included],
            ..TweetBatch::default()
        }
    }

    #[test]
    fn posts_are_counted_matched_and_included_and_go_with_what_leaves() {
        let mut group = group([batch("r/1/1", 3, 2), batch("r/1/2", 4, 0)]);
        assert_eq!(group.posts, 9);
        let left = group.retain(|ticket| ticket.offset != 0);
        assert_eq!(left.iter().map(|ticket| ticket.offset).collect::<Vec<_>>(), [0]);
        assert_eq!((group.posts, group.tickets().len(), group.batches().len()), (4, 1, 1));
        assert_eq!(group.batches()[0].received.batch.batch_id, "r/1/2");
    }

    #[test]
    fn what_is_refused_or_was_not_read_becomes_letters_named_by_its_message() {
        let mut odd = batch("r/1/2", 1, 0);
        odd.unparsed.push(Unparsed { section: "data".to_owned(), ..Unparsed::default() });
        let group = group([batch("r/1/1", 1, 0), odd]);
        let refused = RejectedPost {
            section: "tweets",
            post_id: Some(5),
            detail: "too long".to_owned(),
            alone: batch("r/1/1", 1, 0),
        };
        let outcomes = [
            Outcome::Known { rejected: vec![refused] },
            Outcome::Refused { detail: "the ledger row".to_owned() },
        ];
        let letters = group.letters(&outcomes, 9).unwrap();
        let told: Vec<_> = letters.iter().map(|letter| (letter.reason, letter.id())).collect();
        let id = |offset| format!("tweets.batches.v1/3/{offset}");
        assert_eq!(told, [("data", id(0)), ("unparsed", id(1)), ("data", id(1))]);
        assert_eq!(letters[0].key, "tweets.batches.v1/3/0/tweets/5");
        let whole: TweetBatch = contract::decode(&letters[2].record.payload, |_| None).unwrap();
        assert_eq!(whole, group.batches()[1].received.batch);
    }
}
