//! The simulator's truth against the rows: what the stack is for.

use std::time::{Duration, Instant};

use anyhow::Result;
use sandbox::pipeline::Rule;
use sandbox::verdict::{Comparison, Observed, Stored, truth};

use super::findings::Findings;
use super::test::Running;

/// For everything that exists to arrive.
const ARRIVAL: Duration = Duration::from_secs(180);
const BETWEEN: Duration = Duration::from_millis(500);

/// What is collected.
#[derive(Debug, Clone)]
pub(super) struct Collection {
    /// Posts that exist before the start.
    pub(super) posts: u64,
    rule: Rule,
}

impl Collection {
    /// The project's own rule, from the oldest post on.
    pub(super) fn new(posts: u64) -> Self {
        Self { posts, rule: Rule::default() }
    }

    /// The extractor's file of rules.
    pub(super) fn rules(&self) -> Result<String> {
        Ok(Rule::file(std::slice::from_ref(&self.rule))?)
    }
}

/// Halts the simulator and waits until rows and truth are the same.
pub(super) async fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    // Some live posts first: the backlog alone would come in a few walks.
    let before = count(running).await?;
    let began = Instant::now();
    while count(running).await? < before.max(i64::try_from(running.collection.posts)?) + 50
        && began.elapsed() < ARRIVAL
    {
        tokio::time::sleep(BETWEEN).await;
    }
    running.simulator.halt().await?;
    agree(running, findings, "posts").await
}

/// Waits until rows and truth are the same, and says whether they are.
pub(super) async fn agree(running: &Running, findings: &mut Findings, when: &str) -> Result<()> {
    let rules = [running.collection.rule.collected()];
    let began = Instant::now();
    loop {
        let wanted = truth(&running.simulator, &rules).await?;
        let stored = Stored::read(&running.rows).await;
        let compared = stored.as_ref().ok().map(|stored| Comparison::of(&wanted, &stored.posts));
        let agrees = compared.as_ref().is_some_and(Comparison::agrees);
        if !agrees && began.elapsed() < ARRIVAL {
            tokio::time::sleep(BETWEEN).await;
            continue;
        }
        // What kept the rows from being read is worth more than that they differ.
        let (stored, compared) = (stored?, compared.unwrap_or_default());
        let (matched, included) = (&compared.matched, &compared.included);
        findings.is(
            agrees && matched.wanted > 0,
            format!(
                "{when}: {} matched posts exist and {} are stored, {} and {} included; checksum over ids and texts {} and {}",
                matched.wanted, matched.found, included.wanted, included.found, matched.wanted_checksum, matched.found_checksum
            ),
        );
        // After a kill a page may have been fetched again with other posts: a second row, and no second post.
        let again = stored.ledger.values().filter(|rows| **rows > 1).count();
        findings.is(
            stored.rejected == 0,
            format!(
                "{when}: {} batches, {again} with a second content, {} posts set aside",
                stored.ledger.len(),
                stored.rejected
            ),
        );
        return Ok(());
    }
}

/// Everything that is stored, to be looked for again.
pub(super) async fn stored(running: &Running) -> Result<Observed> {
    Ok(Stored::read(&running.rows).await?.posts)
}

/// Where the simulator began anew, and its truth with it: looks whether what was stored `before` still is, byte for byte,
/// and waits for the posts with these ids.
pub(super) async fn holds(
    running: &Running,
    findings: &mut Findings,
    when: &str,
    (before, new): (&Observed, &[i64]),
) -> Result<()> {
    let began = Instant::now();
    loop {
        let now = Stored::read(&running.rows).await.map(|now| now.posts);
        let arrived = |now: &Observed| new.iter().filter(|id| now.matched.contains_key(id)).count();
        let arrived = now.as_ref().map(arrived).unwrap_or_default();
        if arrived < new.len() && began.elapsed() < ARRIVAL {
            tokio::time::sleep(BETWEEN).await;
            continue;
        }
        let compared = Comparison::of(before, &now?);
        let parts = [&compared.matched, &compared.included];
        let lacks: usize = parts.iter().map(|part| part.missing.len() + part.changed.len()).sum();
        let known = before.matched.len();
        findings.is(
            lacks == 0 && known > 0,
            format!("{when}: of {known} matched posts stored before, {lacks} are gone or changed"),
        );
        if !new.is_empty() {
            findings
                .is(arrived == new.len(), format!("{when}: of {} new posts {arrived} are stored", new.len()));
        }
        return Ok(());
    }
}

/// Matched posts that are stored.
pub(super) async fn count(running: &Running) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM tweet_rules").fetch_one(&running.rows).await?)
}
