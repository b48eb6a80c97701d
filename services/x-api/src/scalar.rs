//! Numbers and times that keep the form in which they came.

use serde_json::{Number, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::json::{Json, Reason};
use crate::vocabulary::Vocabulary;

/// A whole number. X sends some as text (`"edits_remaining": "5"`, the sums of `usage`): the form is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Count {
    value: i64,
    quoted: bool,
}

impl Count {
    /// The number.
    pub fn get(self) -> i64 {
        self.value
    }
}

impl From<i64> for Count {
    fn from(value: i64) -> Self {
        Self { value, quoted: false }
    }
}

impl Json for Count {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        let read = match value {
            Value::Number(number) => number.as_i64().map(|value| Self { value, quoted: false }),
            // Only the canonical form: "05" or "+5" would not come back as they were.
            Value::String(text) => text
                .parse()
                .ok()
                .filter(|value: &i64| value.to_string() == *text)
                .map(|value| Self { value, quoted: true }),
            _ => None,
        };
        read.ok_or(Reason::WrongType { expected: "a whole number" })
    }

    fn to_json(&self, _: Vocabulary) -> Value {
        if self.quoted { Value::String(self.value.to_string()) } else { Value::from(self.value) }
    }
}

/// A number with or without a fraction: a coordinate, a probability.
#[derive(Debug, Clone, PartialEq)]
pub struct Real(Number);

impl Real {
    /// The number in double precision.
    pub fn get(&self) -> f64 {
        // Without the feature arbitrary_precision every JSON number has an f64.
        self.0.as_f64().unwrap_or(f64::NAN)
    }
}

impl Json for Real {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        match value {
            Value::Number(number) => Ok(Self(number.clone())),
            _ => Err(Reason::WrongType { expected: "a number" }),
        }
    }

    fn to_json(&self, _: Vocabulary) -> Value {
        Value::Number(self.0.clone())
    }
}

/// A point in time, RFC 3339, with the text it came as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    at: OffsetDateTime,
    text: Box<str>,
}

impl Timestamp {
    /// Reads RFC 3339.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Some(Self { at, text: text.into() })
    }

    /// The time.
    pub fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// The text X sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Json for Timestamp {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        value.as_str().and_then(Self::parse).ok_or(Reason::WrongType { expected: "a time" })
    }

    fn to_json(&self, _: Vocabulary) -> Value {
        Value::String(self.text.to_string())
    }
}
