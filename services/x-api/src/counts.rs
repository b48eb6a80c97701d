//! How many posts there are, without buying them: `GET /2/tweets/counts/recent`.

use serde_json::Value;

use crate::error::Malformed;
use crate::json::{Extra, Reading, Reason, record};
use crate::model::meta::Meta;
use crate::model::problem::Problem;
use crate::received::Received;
use crate::request::{Since, Until, interval};
use crate::scalar::{Count, Timestamp};
use crate::vocabulary::Names;

/// The length of the intervals counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Granularity {
    /// A minute each.
    Minute,
    /// An hour each.
    #[default]
    Hour,
    /// A day each.
    Day,
}

impl Granularity {
    /// X's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

/// One page of counts. Each request is billed, however many posts it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountsRequest {
    /// The query, as for a search.
    pub query: String,
    /// Where it begins; X's default is 7 days ago.
    pub since: Option<Since>,
    /// Where it ends; X's default is 10 seconds ago.
    pub until: Option<Until>,
    /// The length of the intervals.
    pub granularity: Granularity,
    /// The page, from the `next_token` of the one before.
    pub next_token: Option<String>,
}

impl CountsRequest {
    /// The last 7 days of a query by the hour.
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            since: None,
            until: None,
            granularity: Granularity::Hour,
            next_token: None,
        }
    }

    /// The parameters of the URL, the same in both vocabularies.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = interval(&self.query, self.since, self.until, self.next_token.as_deref());
        parameters.push(("granularity", self.granularity.as_str().to_owned()));
        parameters
    }
}

record! {
    /// The posts of one interval.
    pub struct Interval {
        must {
            /// First second.
            start: Timestamp = "start",
            /// One past the last second.
            end: Timestamp = "end",
        }
        may {
            /// Posts in it.
            tweets: Count = "tweet_count" | "post_count",
        }
    }
}

/// One answer of counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// The intervals, in X's order.
    pub intervals: Vec<Interval>,
    /// The sum and the way to the next page.
    pub meta: Option<Meta>,
    /// What X could not say.
    pub errors: Vec<Problem>,
    /// Members without a field here.
    pub extra: Extra,
    /// Status, clock, rate limit.
    pub received: Received,
}

impl Counts {
    pub(crate) fn from_json(value: &Value, received: Received) -> Result<Self, Malformed> {
        let mut reading = Reading::new(value).map_err(|reason| Malformed::structure("answer", reason))?;
        let intervals = reading.may(Names(&["data"]));
        if intervals.is_none() && value.get("data").is_some() {
            return Err(Malformed::structure("data", Reason::WrongType { expected: "a list of intervals" }));
        }
        Ok(Self {
            intervals: intervals.unwrap_or_default(),
            meta: reading.may(Names(&["meta"])),
            errors: reading.may(Names(&["errors"])).unwrap_or_default(),
            extra: reading.rest(),
            received,
        })
    }

    /// The way to the next page. `None` is the end.
    pub fn next_token(&self) -> Option<&str> {
        self.meta.as_ref()?.next_token.as_deref()
    }
}
