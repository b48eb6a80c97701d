//! What a request for posts or counts asks for: parsed once, refused with X's words.

mod interval;
mod token;

use crate::clock::UnixMs;
use crate::errors::Refusal;
use crate::fields::Fields;
use crate::ids::PostId;
use crate::query::{self, Query};
use crate::vocabulary::Vocabulary;

pub(crate) use interval::{Interval, interval};
pub(crate) use token::Token;

/// Everything a request is read with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) now: UnixMs,
    /// The oldest time that can be searched.
    pub(crate) horizon: UnixMs,
    /// The longest query, in characters.
    pub(crate) query_length: usize,
    /// Any query matches every post.
    pub(crate) any_query: bool,
}

/// The parameters of a request in the order they came.
pub(crate) type Pairs = [(String, String)];

/// A search for one page.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    pub(crate) query: Query,
    pub(crate) interval: Interval,
    pub(crate) max_results: usize,
    pub(crate) fields: Fields,
    /// Names the walk that `next_token` goes on with.
    pub(crate) walk: u64,
}

const SHARED: &[&str] =
    &["query", "start_time", "end_time", "since_id", "until_id", "next_token", "pagination_token"];

impl Search {
    /// Reads a request for a page of posts.
    pub(crate) fn read(pairs: &Pairs, reading: &Reading) -> Result<Self, Refusal> {
        let mut fields = Fields::by_default();
        let mut max_results = 10;
        each(pairs, |name, value| match name {
            "max_results" => {
                max_results = value.parse().ok().filter(|n| (10..=100).contains(n)).ok_or_else(|| {
                    let message = format!(
                        "The `max_results` query parameter value [{value}] is not between 10 and 100"
                    );
                    Refusal::invalid(name, value, message)
                })?;
                Ok(())
            }
            "sort_order" if value == "recency" => Ok(()),
            "sort_order" => Err(Refusal::invalid(name, value, "only sort_order=recency is simulated")),
            _ if SHARED.contains(&name) => Ok(()),
            _ => fields.take(reading.vocabulary, name, value).unwrap_or_else(|| Err(unknown(name, value))),
        })?;
        let query = query_of(pairs, reading)?;
        let walk = token::walk(pairs);
        let mut interval = interval(pairs, reading)?;
        if let Some(token) = given_token(pairs)? {
            let position = token.position_in(walk).ok_or_else(|| bad_token(&token.text))?;
            interval.below = interval.below.min(position);
        }
        Ok(Self { query, interval, max_results, fields, walk })
    }
}

/// Reads the query alone, as `/_sim/truth` and counts need it.
pub(crate) fn query_of(pairs: &Pairs, reading: &Reading) -> Result<Query, Refusal> {
    let text = value(pairs, "query")
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Refusal::invalid("query", "", "The `query` query parameter can not be empty"))?;
    if text.chars().count() > reading.query_length {
        let message = format!("Rule must be less than or equal to {} characters", reading.query_length);
        return Err(Refusal::invalid("query", text, message));
    }
    if reading.any_query {
        return Ok(Query::Everything);
    }
    query::parse(text).map_err(|bad| {
        Refusal::invalid("query", text, format!("There were errors processing your request: {bad}"))
    })
}

/// Every parameter once, and none that nobody knows.
pub(crate) fn each(
    pairs: &Pairs,
    mut take: impl FnMut(&str, &str) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    for (at, (name, value)) in pairs.iter().enumerate() {
        if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(Refusal::invalid(
                name,
                value,
                format!("The query parameter [{name}] is given twice"),
            ));
        }
        take(name, value)?;
    }
    Ok(())
}

pub(crate) fn unknown(name: &str, value: &str) -> Refusal {
    Refusal::invalid(
        name,
        value,
        format!("The query parameter [{name}] is not one of those of this endpoint"),
    )
}

pub(crate) fn value<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}

/// The parameters that both endpoints know.
pub(crate) fn is_shared(name: &str) -> bool {
    SHARED.contains(&name)
}

/// The token, under either of its names.
fn given_token(pairs: &Pairs) -> Result<Option<Token>, Refusal> {
    match (value(pairs, "next_token"), value(pairs, "pagination_token")) {
        (Some(_), Some(other)) => Err(Refusal::invalid(
            "pagination_token",
            other,
            "At most one of `pagination_token`, `next_token` may be provided",
        )),
        (Some(text), None) | (None, Some(text)) => Token::read(text).map(Some).ok_or_else(|| bad_token(text)),
        (None, None) => Ok(None),
    }
}

pub(crate) fn bad_token(text: &str) -> Refusal {
    Refusal::invalid(
        "next_token",
        text,
        format!("The `next_token` query parameter value [{text}] is not valid"),
    )
}

pub(crate) fn stale(id: &str, horizon: UnixMs) -> Refusal {
    let oldest = PostId::first_at(horizon);
    let message = format!(
        "'since_id' must be a tweet id created after [{horizon}]. Please use a 'since_id' that is larger than [{oldest}]"
    );
    Refusal::invalid("since_id", id, message)
}
