//! What is asked.

use std::collections::BTreeSet;

use time::OffsetDateTime;
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use crate::fields::{Expansion, Fields};
use crate::ids::TweetId;
use crate::vocabulary::Vocabulary;

/// Where a search begins: an id and a time exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// Posts newer than this one (`since_id`, exclusive). Refused on recent search when older than 7 days.
    Id(TweetId),
    /// Posts from this second on (`start_time`, inclusive); a fraction is cut off.
    Time(OffsetDateTime),
}

/// Where a search ends: an id and a time exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Posts older than this one (`until_id`, exclusive).
    Id(TweetId),
    /// Posts before this second (`end_time`, exclusive); a fraction is cut off.
    Time(OffsetDateTime),
}

/// Posts a page: 10 to 100 on recent search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageSize(u8);

/// A page size X does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{given} posts a page: recent search takes 10 to 100")]
pub struct PageSizeError {
    /// What was given.
    pub given: u32,
}

impl PageSize {
    /// A full page of recent search.
    pub const MAX: Self = Self(100);

    /// Takes 10 to 100.
    pub fn new(posts: u32) -> Result<Self, PageSizeError> {
        match u8::try_from(posts) {
            Ok(size @ 10..=100) => Ok(Self(size)),
            _ => Err(PageSizeError { given: posts }),
        }
    }

    /// Posts.
    pub fn get(self) -> u32 {
        self.0.into()
    }
}

/// One page of `GET /2/tweets/search/recent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchRequest {
    /// The query, at most 512 characters (4,096 for enterprise).
    pub query: String,
    /// Where it begins; X's default is 7 days ago.
    pub since: Option<Since>,
    /// Where it ends; X's default is 10 seconds ago.
    pub until: Option<Until>,
    /// Posts a page.
    pub max_results: PageSize,
    /// The page, from the `next_token` of the one before.
    pub next_token: Option<String>,
    /// What each thing shall hold.
    pub fields: Fields,
    /// What shall be sent along.
    pub expansions: BTreeSet<Expansion>,
}

impl SearchRequest {
    /// A full first page of everything that matches, with every field and nothing sent along.
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            since: None,
            until: None,
            max_results: PageSize::MAX,
            next_token: None,
            fields: Fields::all(),
            expansions: BTreeSet::new(),
        }
    }

    /// The expansions asked for that this vocabulary has no name for: they will not be sent.
    pub fn unavailable(&self, vocabulary: Vocabulary) -> Vec<Expansion> {
        self.expansions.iter().filter(|expansion| expansion.name(vocabulary).is_none()).copied().collect()
    }

    /// The parameters of the URL.
    pub fn parameters(&self, vocabulary: Vocabulary) -> Vec<(&'static str, String)> {
        let mut parameters = interval(&self.query, self.since, self.until, self.next_token.as_deref());
        parameters.push(("max_results", self.max_results.get().to_string()));
        let tweet_fields = match vocabulary {
            Vocabulary::Tweet => "tweet.fields",
            Vocabulary::Post => "post.fields",
        };
        let fields = &self.fields;
        let lists = [
            (tweet_fields, joined(fields.tweet.iter().map(|field| field.name(vocabulary)))),
            ("user.fields", joined(fields.user.iter().map(|field| field.name(vocabulary)))),
            ("media.fields", joined(fields.media.iter().map(|field| field.name(vocabulary)))),
            ("place.fields", joined(fields.place.iter().map(|field| field.name(vocabulary)))),
            ("poll.fields", joined(fields.poll.iter().map(|field| field.name(vocabulary)))),
            ("expansions", joined(self.expansions.iter().map(|expansion| expansion.name(vocabulary)))),
        ];
        parameters.extend(lists.into_iter().filter(|(_, list)| !list.is_empty()));
        parameters
    }
}

/// The parameters searches and counts share.
pub(crate) fn interval(
    query: &str,
    since: Option<Since>,
    until: Option<Until>,
    next_token: Option<&str>,
) -> Vec<(&'static str, String)> {
    let since = since.map(|since| match since {
        Since::Id(id) => ("since_id", id.to_string()),
        Since::Time(time) => ("start_time", second(time)),
    });
    let until = until.map(|until| match until {
        Until::Id(id) => ("until_id", id.to_string()),
        Until::Time(time) => ("end_time", second(time)),
    });
    let token = next_token.map(|token| ("next_token", token.to_owned()));
    [Some(("query", query.to_owned())), since, until, token].into_iter().flatten().collect()
}

fn joined(names: impl Iterator<Item = Option<&'static str>>) -> String {
    names.flatten().collect::<Vec<_>>().join(",")
}

/// X's granularity is the second: `2026-11-24T03:25:03Z`.
fn second(time: OffsetDateTime) -> String {
    let time = time.to_offset(UtcOffset::UTC).truncate_to_second();
    // Fails only for years RFC 3339 has no digits for.
    time.format(&Rfc3339).unwrap_or_else(|_| time.to_string())
}
