//! The ledger: which batches were applied, and what of them was refused.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{
    RejectedPost,
    failure::Failure,
    session::{Session, column},
    statement::KNOWN_BATCHES,
    values::Values,
};
use crate::{
    enrich::Enriched,
    rows::{Item, Section},
};

/// One refused object, as the ledger keeps it: a crash may come between commit and setting it aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refused {
    pub(super) section: String,
    pub(super) position: usize,
    pub(super) detail: String,
}

/// Ledger rows of some batch ids: what was refused, by digest.
#[derive(Debug, Default)]
pub(super) struct Ledger(HashMap<String, HashMap<String, Vec<Refused>>>);

impl Ledger {
    /// What was refused of this batch with this content, where it was applied.
    pub(super) fn known(&self, batch: &Enriched) -> Option<&Vec<Refused>> {
        self.0.get(&batch.received.batch.batch_id)?.get(&batch.digest)
    }

    /// Whether the batch was applied with another content.
    pub(super) fn has_other(&self, batch: &Enriched) -> bool {
        let rows = self.0.get(&batch.received.batch.batch_id);
        rows.is_some_and(|rows| rows.keys().any(|digest| *digest != batch.digest))
    }
}

impl Refused {
    pub(super) fn new(item: Item, detail: String) -> Self {
        Self { section: item.section.name().to_owned(), position: item.position, detail }
    }

    /// With the object itself, from the batch in hand.
    pub(super) fn restore(&self, batch: &Enriched) -> Option<RejectedPost> {
        let carried = &batch.received.batch;
        let item = Item { section: Section::named(&self.section)?, position: self.position };
        Some(RejectedPost {
            section: item.section.name(),
            post_id: item.id(carried),
            detail: self.detail.clone(),
            alone: item.alone(carried, &batch.digest),
        })
    }

    /// All of them.
    pub(super) fn restore_all(refused: &[Self], batch: &Enriched) -> Vec<RejectedPost> {
        refused.iter().filter_map(|refused| refused.restore(batch)).collect()
    }
}

impl Session<'_> {
    /// Reads the ledger rows of these batches, whatever their content was.
    pub(super) async fn ledger(&mut self, batches: &[&Enriched]) -> Result<Ledger, Failure> {
        let mut ids: Vec<String> =
            batches.iter().map(|batch| batch.received.batch.batch_id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut ledger = Ledger::default();
        self.select(&KNOWN_BATCHES, &ids, |row| {
            let rejected: Option<sqlx::types::Json<Vec<Refused>>> = column(row, "rejected")?;
            let of_batch = ledger.0.entry(column(row, "batch_id")?).or_default();
            of_batch.insert(column(row, "digest")?, rejected.map(|json| json.0).unwrap_or_default());
            Ok(())
        })
        .await?;
        Ok(ledger)
    }

    /// Keeps what was refused with the ledger row, in the same transaction.
    pub(super) async fn keep_refused(
        &mut self,
        batch: &Enriched,
        refused: &[Refused],
    ) -> Result<(), Failure> {
        let mut values = Values::default();
        values
            .put((!refused.is_empty()).then_some(sqlx::types::Json(refused)))
            .put(batch.received.batch.batch_id.as_str())
            .put(batch.digest.as_str());
        self.with(include_str!("sql/update_rejected.sql"), values).await
    }
}
