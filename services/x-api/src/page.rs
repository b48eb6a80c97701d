//! One answer of a search: posts, what they refer to, and what could not be read.

use serde_json::Value;

use crate::error::Malformed;
use crate::ids::TweetId;
use crate::json::{Extra, Json, Reading, Reason};
use crate::model::media::{Media, Poll};
use crate::model::meta::Meta;
use crate::model::place::Place;
use crate::model::problem::Problem;
use crate::model::tweet::Tweet;
use crate::model::user::User;
use crate::received::Received;
use crate::vocabulary::{Names, Vocabulary};

const DATA: Names = Names(&["data"]);
const INCLUDES: Names = Names(&["includes"]);
const ERRORS: Names = Names(&["errors"]);
const META: Names = Names(&["meta"]);
const TWEETS: Names = Names(&["tweets", "posts"]);
const USERS: Names = Names(&["users"]);
const PLACES: Names = Names(&["places"]);
const MEDIA: Names = Names(&["media"]);
const POLLS: Names = Names(&["polls"]);

/// One answer of a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Posts that matched, newest first.
    pub tweets: Vec<Tweet>,
    /// What they refer to.
    pub includes: Includes,
    /// What X left out, and why: a 200 may carry errors beside posts.
    pub errors: Vec<Problem>,
    /// Ids and the way to the next page. Always there in a page of [`Client::search_recent`](crate::Client::search_recent).
    pub meta: Option<Meta>,
    /// What was paid for and could not be read.
    pub unparsed: Vec<Unparsed>,
    /// Members of the answer without a field here.
    pub extra: Extra,
    /// Status, clock, rate limit.
    pub received: Received,
}

/// What the posts of a page refer to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Includes {
    /// Posts quoted, answered, or in an edit chain.
    pub tweets: Vec<Tweet>,
    /// Accounts.
    pub users: Vec<User>,
    /// Places.
    pub places: Vec<Place>,
    /// Pictures and videos.
    pub media: Vec<Media>,
    /// Polls.
    pub polls: Vec<Poll>,
    /// Members of `includes` without a field here, such as `topics`.
    pub extra: Extra,
}

/// Which list of an answer something stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// The posts that matched.
    Data,
    /// Posts they refer to.
    IncludedTweets,
    /// Accounts.
    Users,
    /// Places.
    Places,
    /// Pictures and videos.
    Media,
    /// Polls.
    Polls,
}

impl Section {
    /// Where it stands in an answer, in the names of the tweet vocabulary: `data`, `includes.users`…
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::IncludedTweets => "includes.tweets",
            Self::Users => "includes.users",
            Self::Places => "includes.places",
            Self::Media => "includes.media",
            Self::Polls => "includes.polls",
        }
    }
}

/// An entry that could not be read, such as a post without an id; kept as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Unparsed {
    /// The list it stood in.
    pub section: Section,
    /// Its place in that list, from 0.
    pub index: usize,
    /// The entry.
    pub json: Value,
    /// Why it could not be read.
    pub reason: Reason,
}

impl Page {
    /// Reads an answer. Fails only if it is no JSON object or its `data` is no list: everything else is
    /// kept, readable or not.
    pub fn parse(body: &[u8], received: Received) -> Result<Self, Malformed> {
        let value = crate::body::json(body)?;
        Self::from_json(&value, received)
    }

    /// Reads an answer that is JSON already, such as a line of an archive.
    pub fn from_json(value: &Value, received: Received) -> Result<Self, Malformed> {
        let mut reading = Reading::new(value).map_err(|reason| Malformed::structure("answer", reason))?;
        if value.get("data").is_some_and(|data| !data.is_array() && !data.is_null()) {
            return Err(Malformed::structure("data", Reason::WrongType { expected: "a list" }));
        }
        let mut unparsed = Vec::new();
        let tweets = list(&mut reading, DATA, Section::Data, &mut unparsed);
        let filled_object =
            |value| Some(value).filter(|value: &&Value| value.as_object().is_some_and(|it| !it.is_empty()));
        let includes = match reading.with(INCLUDES, filled_object).map(Reading::new) {
            Some(Ok(reading)) => Includes::read(reading, &mut unparsed),
            _ => Includes::default(),
        };
        Ok(Self {
            tweets,
            includes,
            errors: filled(&mut reading, ERRORS),
            meta: reading.may(META),
            unparsed,
            extra: reading.rest(),
            received,
        })
    }

    /// The way to the next page. `None` is the end of the walk.
    pub fn next_token(&self) -> Option<&str> {
        self.meta.as_ref()?.next_token.as_deref()
    }

    /// The newest post that matched: what `meta` says, else the largest id read.
    pub fn newest_id(&self) -> Option<TweetId> {
        let said = self.meta.as_ref().and_then(|meta| meta.newest_id);
        said.or_else(|| self.tweets.iter().map(|tweet| tweet.id).max())
    }

    /// The oldest post that matched: what `meta` says, else the smallest id read.
    pub fn oldest_id(&self) -> Option<TweetId> {
        let said = self.meta.as_ref().and_then(|meta| meta.oldest_id);
        said.or_else(|| self.tweets.iter().map(|tweet| tweet.id).min())
    }

    /// Writes the answer in the names of one vocabulary. In its own, nothing differs from what came.
    pub fn to_json(&self, vocabulary: Vocabulary) -> Value {
        let mut object = self.extra.clone();
        let unparsed = &self.unparsed;
        put_list(&mut object, DATA, &self.tweets, Section::Data, unparsed, vocabulary);
        let includes = self.includes.to_json(unparsed, vocabulary);
        if !includes.is_empty() {
            object.insert("includes".to_owned(), Value::Object(includes));
        }
        if !self.errors.is_empty() {
            object.insert("errors".to_owned(), self.errors.to_json(vocabulary));
        }
        crate::json::put(&mut object, META, self.meta.as_ref(), vocabulary);
        Value::Object(object)
    }
}

impl Includes {
    fn read(mut reading: Reading<'_>, unparsed: &mut Vec<Unparsed>) -> Self {
        Self {
            tweets: list(&mut reading, TWEETS, Section::IncludedTweets, unparsed),
            users: list(&mut reading, USERS, Section::Users, unparsed),
            places: list(&mut reading, PLACES, Section::Places, unparsed),
            media: list(&mut reading, MEDIA, Section::Media, unparsed),
            polls: list(&mut reading, POLLS, Section::Polls, unparsed),
            extra: reading.rest(),
        }
    }

    fn to_json(&self, unparsed: &[Unparsed], vocabulary: Vocabulary) -> Extra {
        let mut object = self.extra.clone();
        put_list(&mut object, TWEETS, &self.tweets, Section::IncludedTweets, unparsed, vocabulary);
        put_list(&mut object, USERS, &self.users, Section::Users, unparsed, vocabulary);
        put_list(&mut object, PLACES, &self.places, Section::Places, unparsed, vocabulary);
        put_list(&mut object, MEDIA, &self.media, Section::Media, unparsed, vocabulary);
        put_list(&mut object, POLLS, &self.polls, Section::Polls, unparsed, vocabulary);
        object
    }
}

/// A list that holds something. An empty one says nothing and stays in `extra`, so that it is written back.
fn filled<T: Json>(reading: &mut Reading<'_>, names: Names) -> Vec<T> {
    let read = |value: &Value| Vec::from_json(value).ok().filter(|list: &Vec<T>| !list.is_empty());
    reading.with(names, read).unwrap_or_default()
}

fn list<T: Json>(
    reading: &mut Reading<'_>,
    names: Names,
    section: Section,
    unparsed: &mut Vec<Unparsed>,
) -> Vec<T> {
    let items = reading.with(names, |value| value.as_array().filter(|items| !items.is_empty()));
    let mut good = Vec::with_capacity(items.map_or(0, Vec::len));
    for (index, json) in items.into_iter().flatten().enumerate() {
        match T::from_json(json) {
            Ok(item) => good.push(item),
            Err(reason) => unparsed.push(Unparsed { section, index, json: json.clone(), reason }),
        }
    }
    good
}

fn put_list<T: Json>(
    into: &mut Extra,
    names: Names,
    good: &[T],
    section: Section,
    unparsed: &[Unparsed],
    vocabulary: Vocabulary,
) {
    let mut items: Vec<Value> = good.iter().map(|item| item.to_json(vocabulary)).collect();
    // In ascending order of index, so that each lands where it stood.
    for entry in unparsed.iter().filter(|entry| entry.section == section) {
        items.insert(entry.index.min(items.len()), entry.json.clone());
    }
    if !items.is_empty() {
        into.insert(names.of(vocabulary).to_owned(), Value::Array(items));
    }
}
