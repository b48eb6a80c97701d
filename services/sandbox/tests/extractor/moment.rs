//! Moments of the Kafka transaction that carries a page, seen by the proxy.

use contract::topics::BATCHES;
use sandbox::proxy::{Api, Moment, Rule};

use crate::scene::{LIMIT, Scene};

/// A moment of the transaction of one page.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At {
    /// Kafka is to hear of the transaction's partitions.
    AddPartitions,
    /// Kafka is to get the batch.
    Produce,
    /// Kafka has the batch; the commit is on its way to it.
    EndTxn,
    /// Kafka has committed; the extractor does not know.
    Answered,
}

/// A page whose transaction is to be held.
pub(crate) struct Page {
    at: At,
    begun: Moment,
}

impl Page {
    /// The page number `number` (from 1) that an extractor sends through the proxy from now on.
    pub(crate) fn number(scene: &Scene, at: At, number: u32) -> Self {
        let api = match at {
            At::AddPartitions => Api::AddPartitionsToTxn,
            At::Produce | At::EndTxn | At::Answered => Api::Produce,
        };
        // Of the extractor's transactions only a page's names this topic.
        let rule = Rule::kafka(api).containing(BATCHES).number(number);
        Self { at, begun: scene.sandbox.kafka_proxy.hold(rule) }
    }

    /// Waits for the moment; the extractor is held from then on.
    pub(crate) async fn reached(mut self, scene: &Scene) -> Moment {
        self.begun.reached(LIMIT).await.unwrap();
        let end = match self.at {
            At::AddPartitions | At::Produce => return self.begun,
            At::EndTxn => Rule::kafka(Api::EndTxn),
            At::Answered => Rule::kafka(Api::EndTxn).after_answer(),
        };
        let mut end = scene.sandbox.kafka_proxy.hold(end);
        self.begun.release();
        end.reached(LIMIT).await.unwrap();
        end
    }
}
