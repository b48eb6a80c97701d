//! `transformer report`: one self-contained HTML page of charts from the `ds_*` views, for people without Data Studio.

mod attached;
mod chart;
mod data;
mod error;
mod lang;
mod names;
mod page;
mod period;
mod read;
mod section;
mod texts;
mod write;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use time::{Date, OffsetDateTime};

pub use attached::{Attached, Figure, Span, Trace, Value, Words};
pub use data::{Cost, Data, Gap, Hour, Named, PipelineHour, Sentiment, State, TopPost, Topic, Volume};
pub use error::ReportError;
pub use lang::Lang;
pub use page::page;
pub use period::{Period, day};
pub use read::{Asked, read};
pub use texts::Text;

use crate::config::Settings;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// First day; see [`Period::asked`] for what follows where a day is not given.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Language of the page.
    pub lang: Lang,
    /// The file; one that exists is replaced.
    pub out: PathBuf,
    /// Further parts, see [`Attached`].
    pub attach: Option<PathBuf>,
}

/// Reads the views and writes the page; says where it is and what it is about.
///
/// # Errors
/// What keeps it from being written; then a file of before is as it was.
pub async fn report(settings: &Settings, options: &Options) -> Result<String, ReportError> {
    let attached = options.attach.as_deref().map(Attached::read).transpose()?.unwrap_or_default();
    let now = OffsetDateTime::now_utc();
    let asked = Asked { from: options.from, to: options.to, today: now.date() };
    let data = read(&settings.mysql, asked).await?;
    let html = page(&data, &attached, options.lang, now);
    let replaced = write::whole(&options.out, &html)?;
    let Period { from, to } = data.period;
    let (file, posts, kilobytes) = (options.out.display(), data.posts(), html.len().div_ceil(1_000));
    let verb = if replaced { "replaced" } else { "written" };
    Ok(format!("{file} {verb}: {posts} posts, {from} to {to}, {kilobytes} kB"))
}
