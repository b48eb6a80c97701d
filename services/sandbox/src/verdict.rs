//! The verdict on a run: the simulator's truth against the rows in MySQL and the committed messages of the topic.

mod compare;
mod posts;
mod report;
mod rows;
mod topic;
mod truth;

use std::time::Duration;

use sqlx::MySqlPool;

pub use compare::{Comparison, Difference};
pub use posts::{Children, Observed, Post, Posts, checksum};
pub use rows::Stored;
pub use topic::{Carried, Follower};
pub use truth::{Collected, truth};

use crate::error::SandboxError;
use crate::simulator::{Bill, Served, Simulator};

/// Where the sides are read from.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// What exists, was served and was billed.
    pub simulator: &'a Simulator,
    /// `bootstrap.servers`.
    pub brokers: &'a str,
    /// The database the transformer writes to.
    pub rows: &'a MySqlPool,
    /// What is collected.
    pub rules: &'a [Collected],
}

/// All sides of a run.
#[derive(Debug, Clone, Default)]
pub struct Sides {
    /// What exists and matches.
    pub truth: Observed,
    /// What the topic holds.
    pub topic: Carried,
    /// What the tables hold.
    pub rows: Stored,
    /// What was served.
    pub served: Served,
    /// What was billed.
    pub bill: Bill,
}

/// What is there more than once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doubled {
    /// Batch ids with more than one message in the topic.
    pub in_topic: Vec<String>,
    /// Pages with posts that X served more than once, with the times beyond the first.
    pub pages_served: Vec<(String, u64)>,
    /// Matched posts that X served more than once.
    pub posts_bought: u64,
    /// Batch ids with more than one row in the ledger.
    pub applied: Vec<String>,
    /// Hashtags, mentions and links in rows beyond the truth.
    pub child_rows: u64,
}

impl Doubled {
    /// True where nothing is.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Money on each side, millionths of a dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Money {
    /// What X billed.
    pub bill: i64,
    /// Sum of the table `spending`.
    pub spending: i64,
    /// Sum of the batches in the topic.
    pub topic: i64,
    /// Batches that may have been bought before.
    pub refetched: u64,
}

/// The verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Rows against the truth.
    pub rows: Comparison,
    /// The topic against the truth.
    pub topic: Comparison,
    /// Rows against the topic: what holds even where posts vanished from X after they were bought.
    pub rows_of_topic: Comparison,
    /// Batch ids of the topic without a ledger row.
    pub unapplied: Vec<String>,
    /// Batch ids of the ledger without a message.
    pub unheard_of: Vec<String>,
    /// Messages that no schema of ours reads.
    pub unreadable: u64,
    /// Objects that were set aside.
    pub rejected: u64,
    /// What is there more than once.
    pub doubled: Doubled,
    /// Money.
    pub money: Money,
}

impl Verdict {
    /// Reads all sides and compares them.
    ///
    /// # Errors
    /// A side cannot be read within the limit.
    pub async fn read(sources: Sources<'_>, limit: Duration) -> Result<Self, SandboxError> {
        Ok(Self::of(&Sides::read(sources, limit).await?))
    }

    /// Compares all sides.
    pub fn of(sides: &Sides) -> Self {
        let rows = Comparison::of(&sides.truth, &sides.rows.posts);
        let several = |(id, count): (&String, u64)| (count > 1).then(|| id.clone());
        let places = sides.topic.batches.iter().map(|(id, places)| (id, places.len() as u64));
        let ledger = &sides.rows.ledger;
        let doubled = Doubled {
            in_topic: places.filter_map(several).collect(),
            pages_served: pages_again(&sides.served),
            posts_bought: sides.served.posts.values().map(|times| times.data.saturating_sub(1)).sum(),
            applied: ledger.iter().map(|(id, rows)| (id, *rows)).filter_map(several).collect(),
            child_rows: rows.matched.child_rows_beyond + rows.included.child_rows_beyond,
        };
        let money = Money {
            bill: i64::try_from(sides.bill.usd_micros).unwrap_or(i64::MAX),
            spending: sides.rows.spent_usd_micros,
            topic: sides.topic.cost_usd_micros,
            refetched: sides.topic.refetched,
        };
        let batches = &sides.topic.batches;
        Self {
            topic: Comparison::of(&sides.truth, &sides.topic.posts),
            rows_of_topic: Comparison::of(&sides.topic.posts, &sides.rows.posts),
            rows,
            unapplied: batches.keys().filter(|id| !ledger.contains_key(*id)).cloned().collect(),
            unheard_of: ledger.keys().filter(|id| !batches.contains_key(*id)).cloned().collect(),
            unreadable: sides.topic.unreadable,
            rejected: sides.rows.rejected,
            doubled,
            money,
        }
    }

    /// True where every side says the same, nothing is doubled and the spend is the bill to the millionth.
    pub fn agrees(&self) -> bool {
        self.posts_agree() && self.doubled.is_nothing() && self.money.agrees()
    }

    /// True where truth, topic and rows hold the same posts and every batch was applied. Nothing at all proves nothing.
    pub fn posts_agree(&self) -> bool {
        self.rows.matched.wanted > 0
            && self.rows.agrees()
            && self.topic.agrees()
            && self.rows_of_topic.agrees()
            && self.unapplied.is_empty()
            && self.unheard_of.is_empty()
            && self.unreadable == 0
            && self.rejected == 0
    }

    /// True after so many kills of the extractor: posts agree, nothing is doubled but at most so many pages bought, each
    /// page of them told as refetched (once, however often it was bought), and the bill is the spend and no less.
    pub fn agrees_after(&self, kills: u64) -> bool {
        let again: u64 = self.doubled.pages_served.iter().map(|(_, times)| times).sum();
        let allowed = Doubled { pages_served: Vec::new(), posts_bought: 0, ..self.doubled.clone() };
        self.posts_agree()
            && allowed.is_nothing()
            && again <= kills
            && self.money.refetched >= self.doubled.pages_served.len() as u64
            && self.money.spending == self.money.topic
            && self.money.bill >= self.money.spending
    }
}

impl Money {
    /// True where all sides say the same.
    pub fn agrees(&self) -> bool {
        self.bill == self.spending && self.spending == self.topic
    }
}

/// Pages that were served with posts more than once, with the times beyond the first.
fn pages_again(served: &Served) -> Vec<(String, u64)> {
    let again = served.pages.iter().filter(|page| page.with_posts > 1);
    again.map(|page| (page.request.to_string(), page.with_posts - 1)).collect()
}

impl Sides {
    /// Reads all sides.
    ///
    /// # Errors
    /// A side cannot be read within the limit.
    pub async fn read(sources: Sources<'_>, limit: Duration) -> Result<Self, SandboxError> {
        Ok(Self {
            truth: truth(sources.simulator, sources.rules).await?,
            topic: topic::read(sources.brokers, limit).await?,
            rows: rows::read(sources.rows).await?,
            served: sources.simulator.served().await?,
            bill: sources.simulator.bill().await?,
        })
    }

    /// Of batches that a [feed](crate::feed) sent, without a simulator: what was sent is the truth, and its price the bill.
    ///
    /// # Errors
    /// The topic or the tables cannot be read within the limit.
    pub async fn of_feed(
        sent: &Carried,
        brokers: &str,
        pool: &MySqlPool,
        limit: Duration,
    ) -> Result<Self, SandboxError> {
        let bill = u64::try_from(sent.cost_usd_micros).unwrap_or_default();
        Ok(Self {
            truth: sent.posts.clone(),
            topic: topic::read(brokers, limit).await?,
            rows: rows::read(pool).await?,
            served: Served::default(),
            bill: Bill { usd_micros: bill, ..Bill::default() },
        })
    }
}
