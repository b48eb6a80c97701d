//! What is derived from a post's text and place, as it is stored: unknown is `None`, never zero.

/// Version of all that is derived here, stored with each row: `transformer re-enrich` brings older rows up.
pub const VERSION: i16 = 1;

/// One row of `tweet_enrichment`, and the post's rows of `tweet_topics`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enrichment {
    /// What the post is to others.
    pub kind: Kind,
    /// BCP 47 tag: X's, else detected in the text.
    pub language: Option<String>,
    /// Whether the language was detected here, as X gave none.
    pub language_detected: bool,
    /// Of texts in a language with a lexicon.
    pub sentiment: Option<Sentiment>,
    /// ISO 3166-1 alpha-2 of the tagged place.
    pub country_code: Option<String>,
    /// Brazilian state of the tagged place: the two letters of ISO 3166-2:BR.
    pub state: Option<String>,
    /// Each topic once, sorted by name.
    pub topics: Vec<Topic>,
}

/// What a post is to others; the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Kind {
    /// Repeats another post.
    Retweet,
    /// Quotes another post.
    Quote,
    /// Answers another post.
    Reply,
    /// Stands alone.
    #[default]
    Post,
}

/// How a text sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentiment {
    /// -1000 (negative) to 1000 (positive), thousandths.
    pub score: i16,
    /// Share of the words that the lexicon knows, 0 to 1000, thousandths.
    pub coverage: i16,
}

/// A topic of the taxonomy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Topic {
    /// Its name in the taxonomy.
    pub name: String,
    /// Terms found.
    pub hits: i16,
}

impl Kind {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Retweet => "retweet",
            Self::Quote => "quote",
            Self::Reply => "reply",
            Self::Post => "post",
        }
    }
}

impl Sentiment {
    /// `positive` from 0.05, `negative` to -0.05, else `neutral`: the thresholds of VADER (Hutto and Gilbert 2014).
    pub fn label(self) -> &'static str {
        match self.score {
            50.. => "positive",
            ..=-50 => "negative",
            _ => "neutral",
        }
    }
}
