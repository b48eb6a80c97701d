//! What the views say about a period: the page is made of this alone.

use sqlx::FromRow;
use time::{Date, PrimitiveDateTime};

use super::Period;

/// One report's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// The days asked for.
    pub period: Period,
    /// Newest day that holds posts, whichever period was asked for; none: nothing is stored.
    pub latest: Option<Date>,
    /// Posts by day, language and kind: each post once. Totals come from here.
    pub volume: Vec<Volume>,
    /// Posts by hour; empty where the period is long.
    pub hours: Vec<Hour>,
    /// Posts by day and sentiment: each post once.
    pub sentiment: Vec<Sentiment>,
    /// Posts by topic, most first.
    pub topics: Vec<Topic>,
    /// The most used hashtags.
    pub hashtags: Vec<Named>,
    /// Posts with a tagged place.
    pub states: Vec<State>,
    /// The domains linked to most.
    pub domains: Vec<Named>,
    /// Posts by rule, most first.
    pub rules: Vec<Named>,
    /// The most engaged posts.
    pub top_posts: Vec<TopPost>,
    /// Answers by the hour they were received.
    pub pipeline: Vec<PipelineHour>,
    /// Cost by UTC day and rule.
    pub cost: Vec<Cost>,
    /// Holes that touch the period.
    pub gaps: Vec<Gap>,
}

/// Posts of a day in one language and of one kind, from `ds_volume`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Volume {
    /// Day in the analysts' time zone.
    pub day: Date,
    /// Language tag; none where unknown.
    pub language: Option<String>,
    /// retweet, quote, reply or post.
    pub kind: String,
    /// How many.
    pub posts: i64,
}

/// Posts of an hour, from `ds_volume_hourly`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Hour {
    /// Its begin in the analysts' time zone.
    pub hour: PrimitiveDateTime,
    /// How many.
    pub posts: i64,
}

/// Posts of a day with one sentiment, from `ds_sentiment`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Sentiment {
    /// Day in the analysts' time zone.
    pub day: Date,
    /// positive, neutral or negative; none where unknown.
    pub sentiment: Option<String>,
    /// How many.
    pub posts: i64,
    /// How many of them have a score.
    pub scored: i64,
    /// Sum of the scores, each -1 to 1.
    pub sentiment_sum: f64,
}

/// Posts on a topic, from `ds_topics`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Topic {
    /// Name in the taxonomy.
    pub topic: String,
    /// How many.
    pub posts: i64,
    /// How many of them have a score.
    pub scored: i64,
    /// Sum of the scores, each -1 to 1.
    pub sentiment_sum: f64,
}

/// Posts under a name: a hashtag, a domain, a rule.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Named {
    /// The name.
    pub name: String,
    /// How many.
    pub posts: i64,
}

/// Posts with a tagged place, from `ds_states`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct State {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Brazilian state, two letters; none elsewhere or where unknown.
    pub state: Option<String>,
    /// How many.
    pub posts: i64,
}

/// A post, from `ds_top_posts`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TopPost {
    /// Post id.
    pub post_id: String,
    /// UTC.
    pub posted_at: Option<PrimitiveDateTime>,
    /// positive, neutral or negative; none where unknown.
    pub sentiment: Option<String>,
    /// Full text; none where it was deleted.
    pub post_text: Option<String>,
    /// When observed; none where never.
    pub likes: Option<i64>,
    /// When observed; none where never.
    pub reposts: Option<i64>,
    /// When observed; none where never.
    pub replies: Option<i64>,
    /// When observed; none where never.
    pub quotes: Option<i64>,
    /// All four together.
    pub engagement: i64,
    /// Age of the post when its figures were seen.
    pub age_hours: Option<f64>,
    /// Its address.
    pub url: String,
}

/// Answers received within an hour, from `ds_pipeline`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct PipelineHour {
    /// Begin of the hour, UTC.
    pub hour: PrimitiveDateTime,
    /// Answers and their parts.
    pub batches: i64,
    /// Polls that found nothing.
    pub idle_polls: i64,
    /// Matched posts carried.
    pub posts: i64,
    /// Answers that may have been billed before.
    pub refetched: i64,
    /// Posts and objects set aside.
    pub rejected: i64,
    /// Mean seconds from an answer's receipt to its row.
    pub mean_seconds: f64,
    /// Most seconds.
    pub most_seconds: f64,
}

/// What a rule cost on a day, from `ds_cost`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Cost {
    /// UTC day.
    pub day: Date,
    /// Name of the rule.
    pub rule: String,
    /// US dollars.
    pub usd: f64,
    /// Posts priced.
    pub billed_posts: i64,
    /// Users priced.
    pub billed_users: i64,
    /// Part of it that may have been billed before.
    pub refetched_usd: f64,
}

/// A hole in the collection, from `ds_gaps`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Gap {
    /// Name of the rule.
    pub rule: String,
    /// unreachable or not seen.
    pub kind: String,
    /// Begin, UTC; none where unknown.
    pub from_at: Option<PrimitiveDateTime>,
    /// End, UTC; none where unknown.
    pub to_at: Option<PrimitiveDateTime>,
    /// Length; none where an end is unknown.
    pub hours: Option<f64>,
    /// Why, where it is known.
    pub reason: Option<String>,
}

impl Data {
    /// A period without anything.
    pub fn empty(period: Period) -> Self {
        Self {
            period,
            latest: None,
            volume: Vec::new(),
            hours: Vec::new(),
            sentiment: Vec::new(),
            topics: Vec::new(),
            hashtags: Vec::new(),
            states: Vec::new(),
            domains: Vec::new(),
            rules: Vec::new(),
            top_posts: Vec::new(),
            pipeline: Vec::new(),
            cost: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// Posts of the period, each once.
    pub fn posts(&self) -> i64 {
        self.volume.iter().map(|volume| volume.posts).sum()
    }

    /// Posts of the period with a score, and the sum of the scores.
    pub fn scores(&self) -> (i64, f64) {
        let scored = self.sentiment.iter().map(|sentiment| sentiment.scored).sum();
        (scored, self.sentiment.iter().map(|sentiment| sentiment.sentiment_sum).sum())
    }
}
