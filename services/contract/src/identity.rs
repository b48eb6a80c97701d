//! How a batch is named: rule, walk, page and, where an answer is sent in parts, part.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};
use thiserror::Error;

/// Identity of a batch: the same page of the same walk is the same batch, however often it is fetched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId {
    /// Name of the rule: letters, digits, `-` and `_`.
    pub rule: String,
    /// Walk, from 1.
    pub walk: i64,
    /// Page, from 1.
    pub page: i32,
    /// Part, from 1; `None` where the answer is one message.
    pub part: Option<i32>,
}

impl BatchId {
    /// Key of the Kafka message: a walk stays in order on one partition, walks spread.
    pub fn partition_key(&self) -> String {
        format!("{}/{}", self.rule, self.walk)
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.rule, self.walk, self.page)?;
        self.part.map_or(Ok(()), |part| write!(f, "/{part}"))
    }
}

/// Not a batch id.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{0:?} is no batch id: expected rule/walk/page or rule/walk/page/part")]
pub struct BatchIdError(String);

impl FromStr for BatchId {
    type Err = BatchIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || BatchIdError(text.to_owned());
        let fields: Vec<&str> = text.split('/').collect();
        let (rule, walk, page, part) = match fields[..] {
            [rule, walk, page] => (rule, walk, page, None),
            [rule, walk, page, part] => (rule, walk, page, Some(part)),
            _ => return Err(error()),
        };
        Ok(Self {
            rule: Some(rule).filter(|rule| !rule.is_empty()).ok_or_else(error)?.to_owned(),
            walk: walk.parse().map_err(|_| error())?,
            page: page.parse().map_err(|_| error())?,
            part: part.map(|part| part.parse().map_err(|_| error())).transpose()?,
        })
    }
}

/// First 16 hex digits of the query's SHA-256: a changed query starts a new walk.
pub fn query_fingerprint(query: &str) -> String {
    hex(&Sha256::digest(query.as_bytes())).chars().take(16).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
