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

/// What MySQL refused of a batch that it took otherwise.
pub fn rejected(outcome: &Outcome) -> &[RejectedPost] {
    match outcome {
        Outcome::Applied { rejected, .. }
        | Outcome::Known { rejected }
        | Outcome::Repeated { rejected, .. } => rejected,
        Outcome::Refused { .. } => &[],
    }
}
