//! What comes beside posts: users, places, media, polls.

use serde::{Deserialize, Serialize};

/// An author or a mentioned user.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    /// User id.
    pub id: i64,
    /// Handle; re-used by others over time.
    pub username: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Account creation (milliseconds since 1970 UTC).
    pub created_at: Option<i64>,
    /// Biography.
    pub description: Option<String>,
    /// Free text.
    pub location: Option<String>,
    /// Link.
    pub url: Option<String>,
    /// Picture.
    pub profile_image_url: Option<String>,
    /// Verified.
    pub verified: Option<bool>,
    /// Kind of verification.
    pub verified_type: Option<String>,
    /// Protected account.
    pub protected: Option<bool>,
    /// Pinned post.
    pub pinned_tweet_id: Option<i64>,
    /// Public figures.
    pub metrics: Option<UserMetrics>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// Public figures when observed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserMetrics {
    /// Followers count.
    pub followers_count: Option<i64>,
    /// Following count.
    pub following_count: Option<i64>,
    /// Tweet count.
    pub tweet_count: Option<i64>,
    /// Listed count.
    pub listed_count: Option<i64>,
    /// Like count.
    pub like_count: Option<i64>,
    /// Media count.
    pub media_count: Option<i64>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A tagged place.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Place id.
    pub id: String,
    /// Long name.
    pub full_name: Option<String>,
    /// Short name.
    pub name: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_code: Option<String>,
    /// City, admin, country ….
    pub place_type: Option<String>,
    /// West, south, east, north in degrees.
    pub bbox: Vec<f64>,
    /// Ids of places around it.
    pub contained_within: Vec<String>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A picture or film.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Media {
    /// Media key.
    pub media_key: String,
    /// Photo, video, animated_gif.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Preview.
    pub preview_image_url: Option<String>,
    /// Description by the author.
    pub alt_text: Option<String>,
    /// Pixels.
    pub width: Option<i32>,
    /// Pixels.
    pub height: Option<i32>,
    /// Milliseconds.
    pub duration_ms: Option<i64>,
    /// Views.
    pub view_count: Option<i64>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Poll {
    /// Poll id.
    pub id: String,
    /// Answers.
    pub options: Vec<PollOption>,
    /// Minutes.
    pub duration_minutes: Option<i32>,
    /// End (milliseconds since 1970 UTC).
    pub end_datetime: Option<i64>,
    /// Open or closed.
    pub voting_status: Option<String>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PollOption {
    /// From 1.
    pub position: i32,
    /// Text.
    pub label: String,
    /// Votes.
    pub votes: Option<i64>,
    /// JSON object of what X sent and this record has no field for.
    pub extra: Option<String>,
}
