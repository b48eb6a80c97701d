//! A typed client of the X API v2: requests in either vocabulary, answers in both, every class of failure.
//!
//! One call is one attempt: retries, waits and money are the caller's. An answer is read without losing
//! anything: members without a field are in `extra`, entries that cannot be read are in [`Page::unparsed`].
//!
//! ```no_run
//! # async fn example(settings: x_api::ClientSettings) -> Result<(), Box<dyn std::error::Error>> {
//! use x_api::{Client, SearchRequest, Since, TweetId};
//!
//! let client = Client::new(settings)?;
//! let mut request = SearchRequest::new("covid lang:pt -is:nullcast");
//! request.since = Some(Since::Id(TweetId::parse("1460323737035677698")?));
//! let page = client.search_recent(&request, 0).await?;
//! println!("{} posts, next {:?}", page.tweets.len(), page.next_token());
//! # Ok(())
//! # }
//! ```

mod attempt;
mod body;
mod classify;
mod client;
mod counts;
mod endpoint;
mod error;
mod fields;
mod ids;
mod json;
pub mod model;
mod page;
mod rate_limit;
mod received;
mod request;
mod scalar;
mod settings;
mod token;
mod transport;
mod usage;
mod vocabulary;

pub use client::Client;
pub use counts::{Counts, CountsRequest, Granularity, Interval};
pub use endpoint::Endpoint;
pub use error::{Error, ErrorClass, Malformed, TransportKind};
pub use fields::{Expansion, Fields, MediaField, PlaceField, PollField, TweetField, UnknownName, UserField};
pub use ids::{CommunityId, IdError, MediaKey, PlaceId, PollId, TweetId, UserId};
pub use json::{Extra, Json, Reason};
pub use page::{Includes, Page, Section, Unparsed};
pub use rate_limit::RateLimit;
pub use received::Received;
pub use request::{PageSize, PageSizeError, SearchRequest, Since, Until};
pub use scalar::{Count, Real, Timestamp};
pub use settings::{ClientSettings, DEFAULT_BODY_LIMIT, SetupError};
pub use token::{Token, TokenError};
pub use usage::{DailyUsage, DayUsage, ProjectUsage, Usage};
pub use vocabulary::{UnknownVocabulary, Vocabulary};
