//! `transformer re-enrich`: derives again, from the stored texts, what an older version of the enrichment derived.

use std::process::ExitCode;
use std::time::Instant;

use contract::{Place, Tweet};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};
use sqlx::{MySqlPool, Row as _, mysql::MySqlRow};
use thiserror::Error;

use crate::{
    config::Settings,
    enrich::{EnrichError, Enricher, Relations, VERSION, Version},
    rollups::Since,
    to_mysql::{ConnectError, Derived, Pause, Writer, pool},
};

/// Why it stopped. What was derived before stays; it goes on there when it is started again.
#[derive(Debug, Error)]
pub enum ReEnrichError {
    /// Taxonomy or lexicons.
    #[error(transparent)]
    Enrich(#[from] EnrichError),
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Stored texts cannot be read.
    #[error("reading posts: {0}")]
    Read(#[from] sqlx::Error),
    /// MySQL, while writing.
    #[error(transparent)]
    Write(#[from] Pause),
    /// Signals cannot be waited for.
    #[error("no signal handler: {0}")]
    Signals(std::io::Error),
}

/// Brings enrichments of older versions up, those of this one too if `all`; oldest post first; 1 if it was interrupted.
///
/// # Errors
/// What kept it from its work.
pub async fn re_enrich(settings: &Settings, since: Since, all: bool) -> Result<ExitCode, ReEnrichError> {
    let stop = bootstrap::stop_on_signals().map_err(ReEnrichError::Signals)?;
    let enricher = Enricher::load(&settings.enrich)?;
    let reader = pool(&settings.mysql, 1).await?;
    let writer = Writer::connect(&settings.mysql, &settings.write).await?;
    // All: as if the next version were asked for, which no row has.
    let below = if all { VERSION + 1 } else { VERSION };
    let (mut from, began, mut posts) = (since.first().1, Instant::now(), 0);
    let bar = bar(&reader, from).await?;
    let first = milliseconds(from);
    loop {
        let outdated = sqlx::query(include_str!("re_enrich/outdated.sql"))
            .bind(from)
            .bind(below)
            .fetch_all(&reader)
            .await?;
        let derived: Vec<Derived> =
            outdated.iter().map(|row| derive(&enricher, row)).collect::<Result<_, _>>()?;
        let Some(last) = derived.last().map(|derived| derived.tweet_id) else { break };
        writer.derived_again(&derived).await?;
        posts += derived.len() as u64;
        from = last + 1;
        bar.set_position(milliseconds(from).saturating_sub(first));
        bar.set_message(format!("{posts} posts"));
        if stop.is_cancelled() {
            bar.finish_and_clear();
            println!("interrupted after {posts} posts: start it again to do the rest");
            return Ok(ExitCode::FAILURE);
        }
    }
    bar.finish_and_clear();
    println!(
        "{posts} posts brought to version {VERSION} of the enrichment in {}",
        HumanDuration(began.elapsed())
    );
    Ok(ExitCode::SUCCESS)
}

fn derive(enricher: &Enricher, row: &MySqlRow) -> Result<Derived, sqlx::Error> {
    let text = |name: &str| row.try_get::<Option<String>, _>(name);
    let tweet = Tweet {
        id: row.try_get("id")?,
        text: text("text")?.unwrap_or_default(),
        lang: text("lang")?,
        ..Tweet::default()
    };
    let relations = Relations {
        replied_to: row.try_get("replied_to_id")?,
        quoted: row.try_get("quoted_id")?,
        retweeted: row.try_get("retweeted_id")?,
        unusual: false,
    };
    let sides = ["west", "south", "east", "north"].map(|side| row.try_get::<Option<f64>, _>(side));
    let sides: Vec<Option<f64>> = sides.into_iter().collect::<Result<_, _>>()?;
    let place = text("place_id")?.map(|id| {
        Ok::<_, sqlx::Error>(Place {
            id,
            full_name: text("full_name")?,
            name: text("name")?,
            country: text("country")?,
            country_code: text("country_code")?,
            place_type: text("place_type")?,
            bbox: sides.into_iter().collect::<Option<_>>().unwrap_or_default(),
            ..Place::default()
        })
    });
    let place = place.transpose()?;
    let version: Vec<u8> = row.try_get("content_version")?;
    Ok(Derived {
        tweet_id: tweet.id,
        content_version: version.try_into().map_or(Version::NONE, Version),
        enrichment: enricher.derive(&tweet, &relations, place.as_ref()),
    })
}

/// How far it is, by the time the posts are from: counting the outdated ones would read all of them first.
async fn bar(reader: &MySqlPool, from: i64) -> Result<ProgressBar, sqlx::Error> {
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(id) FROM tweets").fetch_one(reader).await?;
    let length = milliseconds(last.unwrap_or(from)).saturating_sub(milliseconds(from));
    let style = ProgressStyle::with_template("{bar:30} {percent} % of the time posted in, {msg}, {eta} left");
    Ok(ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
}

/// Milliseconds that an id counts, above 22 bits.
fn milliseconds(id: i64) -> u64 {
    (id.max(0) >> 22).unsigned_abs()
}
