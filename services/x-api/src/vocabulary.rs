//! The two sets of names X uses for the same things.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which names requests use: those of the published specification 2.159 (`tweet`) or 2.167 (`post`).
/// Answers are read in both, whatever this says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vocabulary {
    /// `tweet.fields`, `note_tweet`, `includes.tweets`, `retweet_count`.
    #[default]
    Tweet,
    /// `post.fields`, `note_post`, `includes.posts`, `repost_count`.
    Post,
}

/// A vocabulary that is neither `tweet` nor `post`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown vocabulary {given:?}: it is \"tweet\" or \"post\"")]
pub struct UnknownVocabulary {
    /// What was given.
    pub given: String,
}

impl Vocabulary {
    /// The setting's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tweet => "tweet",
            Self::Post => "post",
        }
    }
}

impl FromStr for Vocabulary {
    type Err = UnknownVocabulary;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "tweet" => Ok(Self::Tweet),
            "post" => Ok(Self::Post),
            _ => Err(UnknownVocabulary { given: text.to_owned() }),
        }
    }
}

impl fmt::Display for Vocabulary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A member's name in both vocabularies; one name when they agree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names(pub(crate) &'static [&'static str]);

impl Names {
    /// The name this vocabulary uses.
    pub(crate) fn of(self, vocabulary: Vocabulary) -> &'static str {
        match (vocabulary, self.0) {
            (Vocabulary::Post, [_, post, ..]) => post,
            (_, [tweet, ..]) => tweet,
            (_, []) => "",
        }
    }
}
