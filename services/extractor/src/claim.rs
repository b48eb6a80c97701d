//! Whose rules these are: a rule belongs to the identity that collected it first.

use contract::Cursor;

use crate::clock::{XClock, local_millis, millis};
use crate::config::Settings;
use crate::plan;
use crate::rules::{Rule, Start};
use crate::start::terms;
use crate::to_kafka::{Fenced, Snapshot, ToKafka, Transaction};

/// A rule that another extractor collects.
#[derive(Debug, thiserror::Error)]
#[error(
    "rule {rule}: it belongs to the identity {owner:?}, this one is {identity:?}; give the rule another name, or stop \
     that extractor and take its identity"
)]
struct Claimed {
    rule: String,
    owner: String,
    identity: String,
}

/// Refuses rules of another identity.
pub(crate) fn refuse_foreign(snapshot: &Snapshot, rules: &[Rule], identity: &str) -> anyhow::Result<()> {
    for rule in rules {
        if let Some(owner) = snapshot.first_owner(&rule.name)
            && owner != identity
        {
            return Err(Claimed { rule: rule.name.clone(), owner, identity: identity.to_owned() }.into());
        }
    }
    Ok(())
}

/// The cursor of each rule; a rule nobody collected yet is claimed, and begins where it is told to.
pub(crate) async fn claim(
    kafka: &mut ToKafka,
    settings: &Settings,
    rules: &[Rule],
    snapshot: &Snapshot,
    clock: &XClock,
) -> anyhow::Result<Result<Vec<Cursor>, Fenced>> {
    let (mut cursors, mut claims) = (Vec::new(), Transaction::new());
    for rule in rules {
        let cursor = match snapshot.cursor(&rule.name)? {
            Some(cursor) => cursor,
            None => {
                let from = match rule.start {
                    Start::Now => clock.now(),
                    Start::At(time) => time,
                };
                let terms = terms(rule, settings);
                let cursor = plan::claim(&rule.name, &settings.collect.identity, &terms, millis(from));
                let cursor = Cursor { updated_at: local_millis(), ..cursor };
                tracing::info!(rule = rule.name, %from, "a new rule");
                claims = claims.cursor(&cursor)?;
                cursor
            }
        };
        cursors.push(cursor);
    }
    if claims.is_empty() {
        return Ok(Ok(cursors));
    }
    if let Err(fenced) = kafka.commit(&claims, |_| ()).await {
        return Ok(Err(fenced));
    }
    // Another identity may have claimed a rule since the topic was read: the first in the topic has it.
    let after = Snapshot::to_the_end(&settings.kafka).await?;
    refuse_foreign(&after, rules, &settings.collect.identity)?;
    Ok(Ok(cursors))
}
