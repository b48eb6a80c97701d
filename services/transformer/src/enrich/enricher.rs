//! Taxonomy and lexicons, read once; then what is derived from each post.

use contract::{Place, Tweet};
use thiserror::Error;

use super::enrichment::{Enrichment, Kind, Sentiment, Topic};
use super::language::{self, Detection};
use super::lexicon::Lexicon;
use super::post::Relations;
use super::region::{self, Regions};
use super::sentiment::sentiment;
use super::settings::EnrichSettings;
use super::table::Table;
use super::topics::{Entries, Topics};
use super::words::Words;

/// An entry that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {reason}")]
pub struct EnrichError {
    /// Where it lies.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

/// Derives what analysts ask for. Made once; cheap to share by reference.
#[derive(Debug)]
pub struct Enricher {
    detection: Detection,
    topics: Topics,
    english: Lexicon,
    portuguese: Lexicon,
    regions: Regions,
}

impl Enricher {
    /// With the embedded taxonomy and lexicons.
    ///
    /// # Errors
    /// An entry is a duplicate, empty or cannot be parsed.
    pub fn embedded() -> Result<Self, EnrichError> {
        Self::load(&EnrichSettings::default())
    }

    /// With the files that are set, and the embedded tables for the rest.
    ///
    /// # Errors
    /// A file cannot be read; an entry is a duplicate, empty or cannot be parsed.
    pub fn load(settings: &EnrichSettings) -> Result<Self, EnrichError> {
        let taxonomy = Table::read(
            settings.taxonomy.as_deref(),
            "config/taxonomy.txt",
            include_str!("../../config/taxonomy.txt"),
        )?;
        let english = Table::read(
            settings.lexicon_en.as_deref(),
            "lexicons/en.tsv",
            include_str!("../../lexicons/en.tsv"),
        )?;
        let portuguese = Table::read(
            settings.lexicon_pt.as_deref(),
            "lexicons/pt.tsv",
            include_str!("../../lexicons/pt.tsv"),
        )?;
        let topics = Topics::new(&Entries::parse(&taxonomy)?)
            .map_err(|error| taxonomy.error(1, format!("{error}; leave terms out")))?;
        Ok(Self {
            detection: Detection::new(),
            topics,
            english: Lexicon::parse(&english)?,
            portuguese: Lexicon::parse(&portuguese)?,
            regions: Regions::embedded()?,
        })
    }

    /// What is derived from one post; `place` is the one it is tagged with, where the answer held it.
    pub fn derive(&self, tweet: &Tweet, relations: &Relations, place: Option<&Place>) -> Enrichment {
        let kind = match relations {
            Relations { retweeted: Some(_), .. } => Kind::Retweet,
            Relations { quoted: Some(_), .. } => Kind::Quote,
            Relations { replied_to: Some(_), .. } => Kind::Reply,
            _ => Kind::Post,
        };
        let text = full_text(tweet);
        let words = Words::of(text);
        let (language, language_detected) = self.language(tweet.lang.as_deref(), text, &words);
        Enrichment {
            kind,
            sentiment: self.sentiment(&words, language.as_deref()),
            topics: self.topics(&words, language.as_deref()),
            language,
            language_detected,
            country_code: place.and_then(region::country),
            state: place.and_then(|place| self.state(place)).map(str::to_owned),
        }
    }

    /// Topics of the taxonomy, sorted.
    pub fn topic_names(&self) -> impl Iterator<Item = &str> {
        self.topics.names()
    }

    /// The text's words, as the stages that follow read them.
    pub fn words(&self, text: &str) -> Words {
        Words::of(text)
    }

    /// BCP 47 tag, and whether it had to be detected.
    pub fn language(&self, tag: Option<&str>, text: &str, words: &Words) -> (Option<String>, bool) {
        if let Some(tag) = language::tagged(tag) {
            return (Some(tag.into_owned()), false);
        }
        let detected = self.detection.detect(text, words);
        (detected.map(str::to_owned), detected.is_some())
    }

    /// Topics sorted by name.
    pub fn topics(&self, words: &Words, language: Option<&str>) -> Vec<Topic> {
        self.topics.find(words, language.map(language::primary))
    }

    /// How a text in Portuguese or English sounds.
    pub fn sentiment(&self, words: &Words, language: Option<&str>) -> Option<Sentiment> {
        let lexicon = match language.map(language::primary)? {
            "pt" => &self.portuguese,
            "en" => &self.english,
            _ => return None,
        };
        sentiment(words, lexicon)
    }

    /// Brazilian state of a place: the two letters of ISO 3166-2:BR.
    pub fn state(&self, place: &Place) -> Option<&str> {
        self.regions.state(place)
    }
}

/// The long form where there is one: X cuts `text` at 280 characters.
pub fn full_text(tweet: &Tweet) -> &str {
    tweet.note.as_ref().map(|note| note.text.as_str()).filter(|text| !text.is_empty()).unwrap_or(&tweet.text)
}
