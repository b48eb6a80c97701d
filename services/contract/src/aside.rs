//! Records beside the batches: rejected messages and compliance events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A message or a single post that cannot be stored, with what is needed to try again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rejected {
    /// Source topic.
    pub topic: String,
    /// Source partition.
    pub partition: i32,
    /// Source offset.
    pub offset: i64,
    /// Where it could be read.
    pub batch_id: Option<String>,
    /// Where one post alone is bad.
    pub post_id: Option<i64>,
    /// Tweets, included, users ….
    pub section: Option<String>,
    /// Class: decode, unparsed, data.
    pub reason: String,
    /// The error.
    pub detail: String,
    /// The message, or a batch with this post alone, in its framing.
    pub payload: ByteBuf,
    /// Headers of the source message.
    pub headers: BTreeMap<String, ByteBuf>,
    /// Transformer's clock (milliseconds since 1970 UTC).
    pub rejected_at: i64,
}

/// What a compliance event asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ComplianceAction {
    /// Remove the post's content.
    #[default]
    #[serde(rename = "DELETE")]
    Delete,
    /// The post is public again.
    #[serde(rename = "UNDELETE")]
    Undelete,
}

/// A deletion or edit that has to be followed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Compliance {
    /// Post.
    pub post_id: i64,
    /// What to do.
    pub action: ComplianceAction,
    /// When it happened, X's clock (milliseconds since 1970 UTC).
    pub at: i64,
    /// Job, stream or operator.
    pub source: String,
}
