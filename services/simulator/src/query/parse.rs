//! From the text of a query to its tree; what X refuses is refused with a reason.

use super::words::{fold, words};
use super::{Query, Test};

/// Why a query is refused; positions count characters from 1.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Bad {
    #[error("the query is empty")]
    Empty,
    #[error("missing ')' for the '(' at position {at}")]
    Unclosed { at: usize },
    #[error("no viable alternative at ')' (at position {at})")]
    Unopened { at: usize },
    #[error("nothing stands beside OR (at position {at})")]
    DanglingOr { at: usize },
    #[error("a quotation mark is not closed (at position {at})")]
    OpenQuote { at: usize },
    #[error(
        "Reference to invalid operator '{operator}' (at position {at}). Operator is not available in current product or product packaging."
    )]
    UnknownOperator { operator: String, at: usize },
    #[error("'{operator}' must be used with at least one standalone operator")]
    NothingStandsAlone { operator: String },
    #[error("the parentheses go deeper than {limit}")]
    TooDeep { limit: usize },
}

const DEEPEST: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sign {
    Open,
    Close,
    Or,
    Minus,
    Test(Test),
}

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<Query, Bad> {
    let signs = signs(text)?;
    if signs.is_empty() {
        return Err(Bad::Empty);
    }
    let mut reader = Reader { signs: &signs, next: 0, depth: 0 };
    let query = reader.any()?;
    if let Some((_, at)) = reader.signs.get(reader.next) {
        return Err(Bad::Unopened { at: *at });
    }
    if stands_alone(&query) {
        Ok(query)
    } else {
        Err(Bad::NothingStandsAlone { operator: text.trim().into() })
    }
}

/// A query needs words, a tag or a name in every alternative.
fn stands_alone(query: &Query) -> bool {
    match query {
        Query::Everything => true,
        Query::All(parts) => parts.iter().any(stands_alone),
        Query::Any(parts) => parts.iter().all(stands_alone),
        Query::Not(_) => false,
        Query::Is(test) => test.stands_alone(),
    }
}

struct Reader<'a> {
    signs: &'a [(Sign, usize)],
    next: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Sign> {
        self.signs.get(self.next).map(|(sign, _)| sign)
    }

    fn at(&self) -> usize {
        self.signs.get(self.next).or(self.signs.last()).map_or(1, |(_, at)| *at)
    }

    fn any(&mut self) -> Result<Query, Bad> {
        let mut parts = vec![self.all()?];
        while self.peek() == Some(&Sign::Or) {
            self.next += 1;
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Query::Any(parts) })
    }

    fn all(&mut self) -> Result<Query, Bad> {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some(Sign::Or | Sign::Close)) {
            parts.push(self.one()?);
        }
        match (parts.len(), self.peek()) {
            (0, Some(Sign::Close)) => Err(Bad::Unopened { at: self.at() }),
            (0, _) => Err(Bad::DanglingOr { at: self.at() }),
            (1, _) => Ok(parts.remove(0)),
            _ => Ok(Query::All(parts)),
        }
    }

    fn one(&mut self) -> Result<Query, Bad> {
        let at = self.at();
        match self.peek().cloned() {
            Some(Sign::Minus) => {
                self.next += 1;
                Ok(Query::Not(Box::new(self.one()?)))
            }
            Some(Sign::Open) => {
                self.next += 1;
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(Bad::TooDeep { limit: DEEPEST });
                }
                let inner = self.any()?;
                self.depth -= 1;
                if self.peek() != Some(&Sign::Close) {
                    return Err(Bad::Unclosed { at });
                }
                self.next += 1;
                Ok(inner)
            }
            Some(Sign::Test(test)) => {
                self.next += 1;
                Ok(Query::Is(test))
            }
            _ => Err(Bad::DanglingOr { at }),
        }
    }
}

fn signs(text: &str) -> Result<Vec<(Sign, usize)>, Bad> {
    let chars: Vec<char> = text.chars().collect();
    let mut signs = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let at = i + 1;
        match chars[i] {
            c if c.is_whitespace() => i += 1,
            '(' => {
                signs.push((Sign::Open, at));
                i += 1;
            }
            ')' => {
                signs.push((Sign::Close, at));
                i += 1;
            }
            '-' if chars.get(i + 1).is_some_and(|c| !c.is_whitespace()) => {
                signs.push((Sign::Minus, at));
                i += 1;
            }
            '"' => {
                let inside: String = chars[i + 1..].iter().take_while(|c| **c != '"').collect();
                i += inside.chars().count() + 2;
                if i > chars.len() {
                    return Err(Bad::OpenQuote { at });
                }
                signs.push((Sign::Test(Test::Words(words(&inside))), at));
            }
            _ => {
                let word: String =
                    chars[i..].iter().take_while(|c| !c.is_whitespace() && !"()\"".contains(**c)).collect();
                i += word.chars().count();
                signs.push((if word == "OR" { Sign::Or } else { Sign::Test(test(&word, at)?) }, at));
            }
        }
    }
    Ok(signs)
}

fn test(word: &str, at: usize) -> Result<Test, Bad> {
    let name = |text: &str| fold(text.trim_start_matches('@'));
    if let Some(tag) = word.strip_prefix('#') {
        return Ok(Test::Hashtag(fold(tag)));
    }
    if let Some(tag) = word.strip_prefix('$') {
        return Ok(Test::Cashtag(fold(tag)));
    }
    if let Some(user) = word.strip_prefix('@') {
        return Ok(Test::Mention(name(user)));
    }
    let unknown = || Bad::UnknownOperator { operator: word.into(), at };
    let Some((operator, value)) = word.split_once(':') else {
        let words = words(word);
        return if words.is_empty() { Err(unknown()) } else { Ok(Test::Words(words)) };
    };
    Ok(match (operator, value) {
        ("lang", lang) if !lang.is_empty() => Test::Lang(lang.to_lowercase()),
        ("from", user) if !user.is_empty() => Test::From(name(user)),
        ("is", "reply") => Test::Reply,
        ("is", "quote") => Test::Quote,
        ("is", "retweet") => Test::Retweet,
        ("is", "nullcast") => Test::Nullcast,
        ("is", "verified") => Test::Verified,
        ("has", "hashtags") => Test::Hashtags,
        ("has", "cashtags") => Test::Cashtags,
        ("has", "mentions") => Test::Mentions,
        ("has", "links") => Test::Links,
        ("has", "media") => Test::Media,
        ("has", "images") => Test::Images,
        ("has", "videos") => Test::Videos,
        ("has", "geo") => Test::Geo,
        _ => return Err(unknown()),
    })
}
