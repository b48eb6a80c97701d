//! A post as it travels: both vocabularies unified, text untouched, what has no field in `extra`.

use serde::{Deserialize, Serialize};

/// One post; both vocabularies unified, text untouched.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tweet {
    /// Post id.
    pub id: i64,
    /// User id.
    pub author_id: Option<i64>,
    /// When it was posted (milliseconds since 1970 UTC).
    pub created_at: Option<i64>,
    /// Text, cut at 280 characters for long posts.
    pub text: String,
    /// The long form, where there is one.
    pub note: Option<Note>,
    /// X's language tag.
    pub lang: Option<String>,
    /// First post of the conversation.
    pub conversation_id: Option<i64>,
    /// User replied to.
    pub in_reply_to_user_id: Option<i64>,
    /// Relations.
    pub references: Vec<Reference>,
    /// Ids of the edit chain, first id first.
    pub edit_history: Vec<i64>,
    /// Edit window.
    pub edit_controls: Option<EditControls>,
    /// Public figures.
    pub metrics: Option<TweetMetrics>,
    /// Entities of text.
    pub entities: Option<Entities>,
    /// May repeat, as X repeats them.
    pub context_annotations: Vec<ContextAnnotation>,
    /// Tagged place.
    pub place_id: Option<String>,
    /// Exact point, where given.
    pub coordinates: Option<Coordinates>,
    /// Attached media.
    pub media_keys: Vec<String>,
    /// Attached polls.
    pub poll_ids: Vec<String>,
    /// App it was posted from.
    pub source: Option<String>,
    /// Marked sensitive.
    pub possibly_sensitive: Option<bool>,
    /// Who may reply.
    pub reply_settings: Option<String>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A hashtag or cashtag.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Tag {
    /// Without # or $.
    pub tag: String,
    /// First character, in code points of the text.
    pub start: Option<i32>,
    /// One past the last character.
    pub end: Option<i32>,
}

/// A mentioned user.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mention {
    /// As written.
    pub username: String,
    /// User id.
    pub id: Option<i64>,
    /// First character, in code points of the text.
    pub start: Option<i32>,
    /// One past the last character.
    pub end: Option<i32>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    /// The t.co address in the text.
    pub url: String,
    /// Where it points.
    pub expanded_url: Option<String>,
    /// After redirects.
    pub unwound_url: Option<String>,
    /// As shown.
    pub display_url: Option<String>,
    /// Of the page.
    pub title: Option<String>,
    /// Of the page.
    pub description: Option<String>,
    /// HTTP status X saw.
    pub status: Option<i32>,
    /// When the link is an attached picture.
    pub media_key: Option<String>,
    /// First character, in code points of the text.
    pub start: Option<i32>,
    /// One past the last character.
    pub end: Option<i32>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A named thing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Annotation {
    /// Person, Place ….
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The thing.
    pub normalized_text: Option<String>,
    /// 0 to 1.
    pub probability: Option<f64>,
    /// First character, in code points of the text.
    pub start: Option<i32>,
    /// One past the last character.
    pub end: Option<i32>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// What X found in a text.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Entities {
    /// #.
    pub hashtags: Vec<Tag>,
    /// $.
    pub cashtags: Vec<Tag>,
    /// @.
    pub mentions: Vec<Mention>,
    /// Links.
    pub urls: Vec<Link>,
    /// Named things.
    pub annotations: Vec<Annotation>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// Full text of a long post.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    /// The whole text.
    pub text: String,
    /// Entities of the whole text.
    pub entities: Option<Entities>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A relation to another post.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reference {
    /// Replied_to, quoted, retweeted or what X adds.
    #[serde(rename = "type")]
    pub kind: String,
    /// That post.
    pub id: i64,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// Whether it may be edited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditControls {
    /// End of the edit window (milliseconds since 1970 UTC).
    pub editable_until: Option<i64>,
    /// Edits left.
    pub edits_remaining: Option<i32>,
    /// May be edited.
    pub is_edit_eligible: Option<bool>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// Public figures when observed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TweetMetrics {
    /// Retweet count.
    pub retweet_count: Option<i64>,
    /// Reply count.
    pub reply_count: Option<i64>,
    /// Like count.
    pub like_count: Option<i64>,
    /// Quote count.
    pub quote_count: Option<i64>,
    /// Bookmark count.
    pub bookmark_count: Option<i64>,
    /// Impression count.
    pub impression_count: Option<i64>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// X's guess at a subject.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContextAnnotation {
    /// Domain id.
    pub domain_id: Option<String>,
    /// Domain name.
    pub domain_name: Option<String>,
    /// Domain description.
    pub domain_description: Option<String>,
    /// Entity id.
    pub entity_id: Option<String>,
    /// Entity name.
    pub entity_name: Option<String>,
    /// Entity description.
    pub entity_description: Option<String>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A point.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Coordinates {
    /// Degrees.
    pub longitude: f64,
    /// Degrees.
    pub latitude: f64,
}
