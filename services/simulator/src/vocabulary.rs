//! The two names X has for everything: tweet names (spec 2.159) and post names (spec 2.167).
//!
//! Inside, everything bears tweet names; requests and answers are translated at the border.

mod names;
mod rename;

use serde::{Deserialize, Serialize};

pub(crate) use names::{EXPANSIONS_OF_TWEETS, MEDIA, PLACES, POLLS, TWEETS, USERS};

/// Which names are spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vocabulary {
    /// `tweet.fields`, `note_tweet`, `includes.tweets`: spec 2.159.
    #[default]
    Tweet,
    /// `post.fields`, `note_post`, `includes.posts`: spec 2.167.
    Post,
}

/// Both names of one thing: inside and in requests.
pub(crate) type Name = (&'static str, &'static str);

impl Vocabulary {
    /// `tweet` or `post`, as in `includes.tweets` and `resource_type`.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Tweet => "tweet",
            Self::Post => "post",
        }
    }

    /// The parameter that selects the fields of posts.
    pub(crate) fn fields_parameter(self) -> &'static str {
        match self {
            Self::Tweet => "tweet.fields",
            Self::Post => "post.fields",
        }
    }

    /// The address of a kind of problem, such as `invalid-request`.
    pub(crate) fn problem(self, kind: &str) -> String {
        match self {
            Self::Tweet => format!("https://api.twitter.com/2/problems/{kind}"),
            Self::Post => format!("https://api.x.com/2/problems/{kind}"),
        }
    }

    /// The fields of posts that may be asked for.
    pub(crate) fn post_fields(self) -> Vec<Name> {
        match self {
            Self::Tweet => names::TWEET_FIELDS.iter().map(|name| (*name, *name)).collect(),
            Self::Post => (TWEETS.iter())
                .filter(|name| !names::NO_POST_FIELDS.contains(name))
                .map(|name| (*name, if *name == "note_tweet" { "note_post" } else { *name }))
                .collect(),
        }
    }

    /// The fields of users that may be asked for.
    pub(crate) fn user_fields(self) -> Vec<Name> {
        match self {
            Self::Tweet => names::USER_FIELDS_OF_TWEETS.iter().map(|name| (*name, *name)).collect(),
            Self::Post => names::USER_FIELDS_OF_POSTS.iter().map(|name| (*name, *name)).collect(),
        }
    }

    /// The expansions that may be asked for.
    pub(crate) fn expansions(self) -> Vec<Name> {
        match self {
            Self::Tweet => EXPANSIONS_OF_TWEETS.iter().map(|name| (*name, *name)).collect(),
            Self::Post => names::EXPANSIONS_OF_POSTS.to_vec(),
        }
    }
}
