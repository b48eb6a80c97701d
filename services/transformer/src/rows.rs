//! Rows of every table, from batches; pure: no async, no clock, no client. What has no column goes into JSON.

mod around;
mod children;
mod collect;
mod details;
mod hour;
mod ledger;
mod marks;
mod moment;
mod tweet;

pub use around::{AuthorRow, MediaRow, PlaceRow, PollRow};
pub use children::{Children, EnrichmentRow, HashtagRow, MentionRow, RuleRow, TopicRow, UrlRow};
pub use collect::{Item, Rows, Section};
pub use hour::Hour;
pub use ledger::{CoverageRow, LedgerRow, SpendingRow};
pub use marks::{EditRow, MarkRow};
pub use moment::Refusal;
pub(crate) use moment::moment;
pub use tweet::{Content, Metrics, TweetRow};
