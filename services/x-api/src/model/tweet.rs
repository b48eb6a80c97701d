//! A post.

use serde_json::Value;

use super::entities::Entities;
use crate::ids::{CommunityId, MediaKey, PlaceId, PollId, TweetId, UserId};
use crate::json::{Json, Reason, record};
use crate::scalar::{Count, Real, Timestamp};
use crate::vocabulary::Vocabulary;

record! {
    /// A post. Only its id is certain.
    pub struct Tweet {
        must {
            /// The id of this version; an edit has a new one.
            id: TweetId = "id",
        }
        may {
            /// The text, cut at 280 characters when there is a `note`.
            text: String = "text",
            /// The whole text of a long post.
            note: Note = "note_tweet" | "note_post",
            /// Who wrote it.
            author_id: UserId = "author_id",
            /// The author's name, where asked for in the post vocabulary.
            username: String = "username",
            /// When it was written.
            created_at: Timestamp = "created_at",
            /// BCP 47, or `und`, `qst`, `qme`, `zxx`… where X found no language.
            lang: String = "lang",
            /// The app it was written with.
            source: String = "source",
            /// The first post of the conversation.
            conversation_id: TweetId = "conversation_id",
            /// Whom it answers.
            in_reply_to_user_id: UserId = "in_reply_to_user_id",
            /// The community it was written in.
            community_id: CommunityId = "community_id",
            /// Posts it quotes, answers or repeats.
            referenced: Vec<Referenced> = "referenced_tweets" | "referenced_posts",
            /// The ids of all its versions, first one first.
            edit_history: Vec<TweetId> = "edit_history_tweet_ids" | "edit_history_post_ids",
            /// Until when and how often it can still be edited.
            edit_controls: EditControls = "edit_controls",
            /// Hashtags, mentions, links in `text`.
            entities: Entities = "entities",
            /// What X thinks it is about; repeats itself.
            context_annotations: Vec<ContextAnnotation> = "context_annotations",
            /// Where it was written.
            geo: TweetGeo = "geo",
            /// Pictures, videos, polls.
            attachments: Attachments = "attachments",
            /// How often it was repeated, liked, answered, quoted, saved, seen.
            public_metrics: TweetMetrics = "public_metrics",
            /// X's warning.
            possibly_sensitive: bool = "possibly_sensitive",
            /// Who may answer.
            reply_settings: String = "reply_settings",
            /// First and one past the last code point of `text` that is shown.
            display_text_range: Vec<Count> = "display_text_range",
            /// Countries where it is not shown.
            withheld: Withheld = "withheld",
        }
    }
}

record! {
    /// The whole text of a long post, with its own entities.
    pub struct Note {
        may {
            /// The text.
            text: String = "text",
            /// Hashtags, mentions, links in it.
            entities: Entities = "entities",
        }
    }
}

record! {
    /// Another post this one stands on.
    pub struct Referenced {
        must {
            /// The other post.
            id: TweetId = "id",
        }
        may {
            /// How.
            kind: ReferenceKind = "type",
        }
    }
}

/// How a post stands on another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// It repeats it.
    Retweeted,
    /// It quotes it.
    Quoted,
    /// It answers it.
    RepliedTo,
    /// A word X did not use when this was written.
    Other(Box<str>),
}

impl ReferenceKind {
    /// X's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Retweeted => "retweeted",
            Self::Quoted => "quoted",
            Self::RepliedTo => "replied_to",
            Self::Other(word) => word,
        }
    }
}

impl Json for ReferenceKind {
    fn from_json(value: &Value) -> Result<Self, Reason> {
        Ok(match value.as_str().ok_or(Reason::WrongType { expected: "a text" })? {
            "retweeted" => Self::Retweeted,
            "quoted" => Self::Quoted,
            "replied_to" => Self::RepliedTo,
            word => Self::Other(word.into()),
        })
    }

    fn to_json(&self, _: Vocabulary) -> Value {
        Value::String(self.as_str().to_owned())
    }
}

record! {
    /// What may still be edited.
    pub struct EditControls {
        may {
            /// 30 minutes after the first version.
            editable_until: Timestamp = "editable_until",
            /// Edits left, of five; arrives as text.
            edits_remaining: Count = "edits_remaining",
            /// Whether the author can edit at all.
            is_edit_eligible: bool = "is_edit_eligible",
        }
    }
}

record! {
    /// How a post was received, at the time of the answer.
    pub struct TweetMetrics {
        may {
            /// Repeats.
            retweets: Count = "retweet_count" | "repost_count",
            /// Answers.
            replies: Count = "reply_count",
            /// Likes.
            likes: Count = "like_count",
            /// Quotes.
            quotes: Count = "quote_count",
            /// Bookmarks.
            bookmarks: Count = "bookmark_count",
            /// Views.
            impressions: Count = "impression_count",
        }
    }
}

record! {
    /// A subject X assigned to a post.
    pub struct ContextAnnotation {
        may {
            /// The kind of subject.
            domain: Subject = "domain",
            /// The subject.
            entity: Subject = "entity",
        }
    }
}

record! {
    /// A named subject or kind of subjects.
    pub struct Subject {
        may {
            /// X's number for it, as text.
            id: String = "id",
            /// Its name.
            name: String = "name",
            /// What it means.
            description: String = "description",
        }
    }
}

record! {
    /// Where a post was written.
    pub struct TweetGeo {
        may {
            /// The place; its record is in `includes.places`.
            place_id: PlaceId = "place_id",
            /// The exact point, where the author gave it.
            coordinates: Point = "coordinates",
        }
    }
}

record! {
    /// A GeoJSON point.
    pub struct Point {
        may {
            /// `Point`.
            kind: String = "type",
            /// Longitude, then latitude, in degrees.
            coordinates: Vec<Real> = "coordinates",
        }
    }
}

record! {
    /// What is attached to a post; the records are in `includes`.
    pub struct Attachments {
        may {
            /// Pictures and videos.
            media_keys: Vec<MediaKey> = "media_keys",
            /// Polls.
            poll_ids: Vec<PollId> = "poll_ids",
            /// The posts the media come from.
            media_source_tweet_id: Vec<TweetId> = "media_source_tweet_id",
        }
    }
}

record! {
    /// Where a post or an account is not shown.
    pub struct Withheld {
        may {
            /// Whether for a copyright claim.
            copyright: bool = "copyright",
            /// ISO 3166-1 alpha-2, or `XX`, `XY`.
            country_codes: Vec<String> = "country_codes",
            /// `tweet`, `post` or `user`.
            scope: String = "scope",
        }
    }
}
