//! Ids, parsed once at the border: after this nobody passes a text for a post.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use crate::json::{Json, Reason};
use crate::vocabulary::Vocabulary;

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not 1 to 19 decimal digits, or digits with a zero in front.
    #[error("{given:?} is no decimal id")]
    NotDecimal {
        /// The first 40 characters of what was given.
        given: String,
    },
    /// More than `i64::MAX`, which no snowflake reaches and no BIGINT holds.
    #[error("id {given} is larger than {}", i64::MAX)]
    TooLarge {
        /// The digits given.
        given: String,
    },
}

fn decimal(text: &str) -> Result<i64, IdError> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = text.len() > 1 && text.starts_with('0');
    if text.is_empty() || text.len() > 19 || !plain || padded {
        return Err(IdError::NotDecimal { given: text.chars().take(40).collect() });
    }
    text.parse().map_err(|_| IdError::TooLarge { given: text.to_owned() })
}

macro_rules! decimal_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Reads the decimal text X sends.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                decimal(text).map(Self)
            }

            /// The id as a number; none if it is negative.
            pub fn from_i64(id: i64) -> Option<Self> {
                (id >= 0).then_some(Self(id))
            }

            /// The id as a number, 0 to `i64::MAX`.
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Json for $name {
            fn from_json(value: &Value) -> Result<Self, Reason> {
                let text = value.as_str().ok_or(Reason::WrongType { expected: "an id as text" })?;
                Ok(Self::parse(text)?)
            }

            fn to_json(&self, _: Vocabulary) -> Value {
                Value::String(self.0.to_string())
            }
        }
    };
}

decimal_id!(
    /// The id of a post; larger is newer.
    TweetId
);
decimal_id!(
    /// The id of an account.
    UserId
);
decimal_id!(
    /// The id of a poll.
    PollId
);
decimal_id!(
    /// The id of a community.
    CommunityId
);

macro_rules! text_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as X writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Json for $name {
            fn from_json(value: &Value) -> Result<Self, Reason> {
                match value.as_str() {
                    Some("") | None => Err(Reason::WrongType { expected: "an id as text" }),
                    Some(text) => Ok(Self(text.into())),
                }
            }

            fn to_json(&self, _: Vocabulary) -> Value {
                Value::String(self.0.to_string())
            }
        }
    };
}

text_id!(
    /// The id of a place: 16 hexadecimal digits in every answer seen, promised nowhere.
    PlaceId
);
text_id!(
    /// The key of a picture or a video, such as `3_123`.
    MediaKey
);
