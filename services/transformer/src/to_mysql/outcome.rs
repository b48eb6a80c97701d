//! What becomes of batches, and of objects that MySQL refuses.

use contract::TweetBatch;

use crate::enrich::{Enriched, Post, entities};

/// What to do with a batch whose ledger row is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Skip it.
    #[default]
    Once,
    /// Upsert its rows again; the ledger row stays.
    Reapply,
    /// Upsert rows and leave the ledger alone: for a rejected post that is replayed without its batch.
    Alone,
}

/// What became of one batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Its rows are committed.
    Applied {
        /// Rows sent.
        rows: RowCounts,
        /// Posts that MySQL refused, each to be set aside before the offset moves.
        rejected: Vec<RejectedPost>,
    },
    /// It was applied before.
    Known {
        /// What was refused then: a crash may have come before it was set aside.
        rejected: Vec<RejectedPost>,
    },
    /// The batch itself cannot be stored: its ledger row is bad data. Nothing of it was written; set it aside whole.
    Refused {
        /// What MySQL said.
        detail: String,
    },
    /// A page fetched again after posts came or went: the same batch id with another digest. Committed.
    Repeated {
        /// Rows sent.
        rows: RowCounts,
        /// As in `Applied`.
        rejected: Vec<RejectedPost>,
    },
}

/// Rows of a batch, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowCounts {
    /// Posts that matched.
    pub tweets: usize,
    /// Posts they refer to.
    pub included: usize,
    /// Authors and mentioned users.
    pub users: usize,
    /// All rows of all tables.
    pub total: usize,
}

/// A post (or user, place, …) that MySQL refused.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectedPost {
    /// Field of the batch it stood in: `tweets`, `included`, `users`, `places`, `media`, `polls`.
    pub section: &'static str,
    /// Post or user id, where it has a number.
    pub post_id: Option<i64>,
    /// What MySQL said.
    pub detail: String,
    /// The batch with this one alone; apply it with [`Mode::Alone`].
    pub alone: TweetBatch,
}

impl Outcome {
    /// Rows sent; none for what was not written.
    pub fn rows(&self) -> RowCounts {
        match self {
            Self::Applied { rows, .. } | Self::Repeated { rows, .. } => *rows,
            Self::Known { .. } | Self::Refused { .. } => RowCounts::default(),
        }
    }

    /// In spans and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Applied { .. } => "applied",
            Self::Known { .. } => "known",
            Self::Repeated { .. } => "repeated",
            Self::Refused { .. } => "refused",
        }
    }
}

impl RowCounts {
    /// Of all that a batch carries.
    pub(super) fn of(enriched: &Enriched) -> Self {
        let batch = &enriched.received.batch;
        let (tweets, included, users) = (batch.tweets.len(), batch.included.len(), batch.users.len());
        let children: usize = batch
            .tweets
            .iter()
            .chain(&batch.included)
            .filter_map(entities)
            .map(|found| found.hashtags.len() + found.mentions.len() + found.urls.len())
            .sum();
        let topics = |posts: &[Post]| posts.iter().map(|post| post.enrichment.topics.len()).sum::<usize>();
        let derived = tweets + included + topics(&enriched.tweets) + topics(&enriched.included);
        let around = batch.places.len() + batch.media.len() + batch.polls.len();
        Self { tweets, included, users, total: 2 * tweets + included + children + derived + users + around }
    }
}
