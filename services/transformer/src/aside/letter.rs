//! A dead letter: what is bad, why, where it came from, and what is needed to try again.

use std::collections::BTreeMap;

use contract::{Compliance, Rejected, TweetBatch, Unparsed, WireError};
use serde_bytes::ByteBuf;

use crate::enrich::Source;
use crate::from_kafka::Message;
use crate::to_mysql::RejectedPost;

/// Class of a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The message cannot be decoded.
    Decode,
    /// The extractor could not read an object of the answer.
    Unparsed,
    /// MySQL refuses a row.
    Data,
    /// An earlier letter of this name was replayed: nothing is open any more.
    Replayed,
}

impl Reason {
    /// Each.
    pub const ALL: [Self; 4] = [Self::Decode, Self::Unparsed, Self::Data, Self::Replayed];

    /// As it stands in `Rejected::reason`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Unparsed => "unparsed",
            Self::Data => "data",
            Self::Replayed => "replayed",
        }
    }
}

/// A dead letter and its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// `topic/partition/offset`, and for a part of a message its section and id: the same again has the same name.
    pub key: String,
    /// Class.
    pub reason: &'static str,
    /// What is sent.
    pub record: Rejected,
}

impl Letter {
    /// A whole message that cannot be decoded.
    pub fn of_message(message: &Message, detail: &str, now_ms: i64) -> Self {
        let source = message.ticket.source();
        let headers = message.headers.iter().map(|(k, v)| (k.clone(), ByteBuf::from(v.clone())));
        let record = Rejected {
            batch_id: message.batch_id().map(str::to_owned),
            detail: detail.to_owned(),
            payload: ByteBuf::from(message.value.clone().unwrap_or_default()),
            headers: headers.collect(),
            ..envelope(&source, Reason::Decode, now_ms)
        };
        Self { key: id(&source), reason: Reason::Decode.name(), record }
    }

    /// A post (user, place …) that MySQL refused.
    ///
    /// # Errors
    /// The batch with it alone does not fit its schema: a mistake of ours.
    pub fn of_post(source: &Source, post: &RejectedPost, now_ms: i64) -> Result<Self, WireError> {
        let part = post.post_id.map_or_else(|| digest(&post.alone), |id| id.to_string());
        let record = Rejected {
            batch_id: Some(post.alone.batch_id.clone()),
            post_id: post.post_id,
            section: Some(post.section.to_owned()),
            detail: post.detail.clone(),
            payload: ByteBuf::from(contract::encode(&post.alone)?),
            ..envelope(source, Reason::Data, now_ms)
        };
        Ok(Self {
            key: format!("{}/{}/{part}", id(source), post.section),
            reason: Reason::Data.name(),
            record,
        })
    }

    /// A batch that MySQL refuses as a whole.
    ///
    /// # Errors
    /// As [`Letter::of_post`].
    pub fn of_batch(
        source: &Source,
        batch: &TweetBatch,
        detail: &str,
        now_ms: i64,
    ) -> Result<Self, WireError> {
        let record = Rejected {
            batch_id: Some(batch.batch_id.clone()),
            detail: detail.to_owned(),
            payload: ByteBuf::from(contract::encode(batch)?),
            ..envelope(source, Reason::Data, now_ms)
        };
        Ok(Self { key: id(source), reason: Reason::Data.name(), record })
    }

    /// A deletion whose moment no column can hold.
    ///
    /// # Errors
    /// As [`Letter::of_post`].
    pub fn of_event(source: &Source, event: &Compliance, now_ms: i64) -> Result<Self, WireError> {
        let record = Rejected {
            post_id: Some(event.post_id),
            detail: format!("{} ms since 1970 is no moment that can be stored", event.at),
            payload: ByteBuf::from(contract::encode(event)?),
            ..envelope(source, Reason::Data, now_ms)
        };
        Ok(Self { key: id(source), reason: Reason::Data.name(), record })
    }

    /// An object of the answer that the extractor could not read: kept as it came.
    ///
    /// # Errors
    /// As [`Letter::of_post`].
    pub fn of_unparsed(
        source: &Source,
        batch: &TweetBatch,
        object: &Unparsed,
        now_ms: i64,
    ) -> Result<Self, WireError> {
        let alone = TweetBatch { unparsed: vec![object.clone()], ..without_content(batch) };
        let record = Rejected {
            batch_id: Some(batch.batch_id.clone()),
            section: Some(object.section.clone()),
            detail: object.reason.clone(),
            payload: ByteBuf::from(contract::encode(&alone)?),
            ..envelope(source, Reason::Unparsed, now_ms)
        };
        let key = format!("{}/unparsed/{}", id(source), digest(&alone));
        Ok(Self { key, reason: Reason::Unparsed.name(), record })
    }

    /// Says that a letter was replayed.
    pub fn replayed(of: &Self, now_ms: i64) -> Self {
        let record = Rejected {
            reason: Reason::Replayed.name().to_owned(),
            payload: ByteBuf::new(),
            headers: BTreeMap::new(),
            rejected_at: now_ms,
            ..of.record.clone()
        };
        Self { key: of.key.clone(), reason: Reason::Replayed.name(), record }
    }

    /// `topic/partition/offset` of the message it came from.
    pub fn id(&self) -> String {
        let Rejected { topic, partition, offset, .. } = &self.record;
        format!("{topic}/{partition}/{offset}")
    }
}

fn envelope(source: &Source, reason: Reason, now_ms: i64) -> Rejected {
    Rejected {
        topic: source.topic.clone(),
        partition: source.partition,
        offset: source.offset,
        reason: reason.name().to_owned(),
        rejected_at: now_ms,
        ..Rejected::default()
    }
}

fn id(source: &Source) -> String {
    format!("{}/{}/{}", source.topic, source.partition, source.offset)
}

fn digest(batch: &TweetBatch) -> String {
    contract::content_digest(batch).chars().take(16).collect()
}

/// The batch's own facts, without what it brought.
fn without_content(batch: &TweetBatch) -> TweetBatch {
    TweetBatch {
        batch_id: batch.batch_id.clone(),
        rule: batch.rule.clone(),
        query: batch.query.clone(),
        query_fingerprint: batch.query_fingerprint.clone(),
        identity: batch.identity.clone(),
        walk: batch.walk,
        page: batch.page,
        part: batch.part,
        parts: batch.parts,
        observed_at: batch.observed_at,
        requested_at: batch.requested_at,
        received_at: batch.received_at,
        ..TweetBatch::default()
    }
}
