//! How far everything has come, and the wait until all that exists has arrived.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::Pipeline;
use crate::error::SandboxError;
use crate::verdict::{Carried, Follower, Observed, truth};

/// From one look to the next, beside the tenth of a second a look takes.
const LOOK: Duration = Duration::from_millis(100);
/// For the brokers' first answer.
const METADATA: Duration = Duration::from_secs(30);

/// How far everything has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Matched posts that are awaited; 0 for a look that awaits none.
    pub wanted: usize,
    /// Matched posts in the topic.
    pub bought: usize,
    /// Matched posts in tables.
    pub stored: u64,
    /// Batches in the topic.
    pub batches: usize,
    /// Batches in the ledger.
    pub applied: u64,
    /// Price of all batches in the topic, millionths of a dollar.
    pub spent_usd_micros: i64,
}

/// Follows the topic of batches and the ledger.
pub struct Watch<'a> {
    pipeline: &'a Pipeline,
    // None only while a look is under way.
    follower: Option<Follower>,
}

impl Pipeline {
    /// Follows what arrives; the services have to have been ready once, so that the topic exists.
    ///
    /// # Errors
    /// The topic does not exist or the brokers do not answer.
    pub async fn watch(&self) -> Result<Watch<'_>, SandboxError> {
        let follower = Follower::new(&self.sandbox.kafka.brokers(), METADATA).await?;
        Ok(Watch { pipeline: self, follower: Some(follower) })
    }

    /// Waits until every post that exists now is in the topic, every walk has come to its end, and every batch of the
    /// topic is in the ledger.
    ///
    /// # Errors
    /// The limit passed first: with how far it came. A service ended badly: with its last words.
    pub async fn arrived(&self, limit: Duration) -> Result<Progress, SandboxError> {
        self.watch().await?.arrived(limit, |_| {}).await
    }

    /// Everything that exists now and is collected.
    ///
    /// # Errors
    /// The simulator does not answer as agreed.
    pub async fn truth(&self) -> Result<Observed, SandboxError> {
        let brokers = self.sandbox.kafka.brokers();
        let sources = self.sources(&brokers)?;
        truth(sources.simulator, sources.rules).await
    }
}

impl Watch<'_> {
    /// Looks once.
    ///
    /// # Errors
    /// MySQL cannot be read, or a service ended badly.
    pub async fn look(&mut self) -> Result<Progress, SandboxError> {
        self.follow().await?;
        let carried = self.carried();
        let (applied, stored): (i64, i64) =
            sqlx::query_as("SELECT COUNT(DISTINCT batch_id), (SELECT COUNT(DISTINCT tweet_id) FROM tweet_rules) FROM batches")
                .fetch_one(self.pipeline.rows())
                .await
                .map_err(|source| SandboxError::Mysql { action: "look how far it came", source })?;
        Ok(Progress {
            wanted: 0,
            bought: carried.posts.matched.len(),
            stored: stored.unsigned_abs(),
            batches: carried.batches.len(),
            applied: applied.unsigned_abs(),
            spent_usd_micros: carried.cost_usd_micros,
        })
    }

    /// As [`Pipeline::arrived`]; `tell` hears each look.
    ///
    /// # Errors
    /// As [`Pipeline::arrived`].
    pub async fn arrived(
        &mut self,
        limit: Duration,
        mut tell: impl FnMut(Progress),
    ) -> Result<Progress, SandboxError> {
        let deadline = Instant::now() + limit;
        let wanted: BTreeSet<i64> = self.pipeline.truth().await?.matched.into_keys().collect();
        loop {
            // MySQL may be away for a while: that is what some tests are about.
            let looked = self.look().await;
            if let Ok(progress) = looked {
                let progress = Progress { wanted: wanted.len(), ..progress };
                tell(progress);
                if self.is_complete(&wanted) && self.is_applied().await? {
                    return Ok(progress);
                }
            }
            for node in self.pipeline.extractors.iter().chain(&self.pipeline.transformers) {
                node.check()?;
            }
            if Instant::now() > deadline {
                let missing =
                    wanted.iter().filter(|id| !self.carried().posts.matched.contains_key(id)).count();
                let far = looked.map_or_else(|error| error.to_string(), |progress| format!("{progress:?}"));
                let what = format!(
                    "the arrival of all {} posts ({missing} not in the topic; walks: {:?}; {far})",
                    wanted.len(),
                    self.carried().walks,
                );
                return Err(SandboxError::NoMoment { what, limit });
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What the topic holds, as of the last look.
    pub fn carried(&self) -> &Carried {
        static NONE: std::sync::LazyLock<Carried> = std::sync::LazyLock::new(Carried::default);
        self.follower.as_ref().map_or(&NONE, |follower| &follower.carried)
    }

    async fn follow(&mut self) -> Result<(), SandboxError> {
        self.follower = match self.follower.take() {
            Some(follower) => Some(follower.catch_up().await),
            // A look was cancelled half-way: begin again.
            None => {
                Some(Follower::new(&self.pipeline.sandbox.kafka.brokers(), METADATA).await?.catch_up().await)
            }
        };
        Ok(())
    }

    /// All that exists is in the topic, and no walk is open.
    fn is_complete(&self, wanted: &BTreeSet<i64>) -> bool {
        let carried = self.carried();
        carried.walks.values().all(|(_, is_finished)| *is_finished)
            && wanted.iter().all(|id| carried.posts.matched.contains_key(id))
    }

    /// Every batch of the topic is in the ledger.
    async fn is_applied(&self) -> Result<bool, SandboxError> {
        let applied: Vec<String> = sqlx::query_scalar("SELECT DISTINCT batch_id FROM batches")
            .fetch_all(self.pipeline.rows())
            .await
            .map_err(|source| SandboxError::Mysql { action: "read the ledger", source })?;
        let applied: BTreeSet<String> = applied.into_iter().collect();
        Ok(self.carried().batches.keys().all(|id| applied.contains(id)))
    }
}
