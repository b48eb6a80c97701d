//! What an answer shall hold: fields and expansions, by one name for both vocabularies.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::vocabulary::Vocabulary;

/// A field or expansion name that exists in neither vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} {given:?}")]
pub struct UnknownName {
    /// `tweet field`, `expansion`…
    pub what: &'static str,
    /// What was given.
    pub given: String,
}

macro_rules! name {
    (-) => {
        None
    };
    ($name:literal) => {
        Some($name)
    };
}

macro_rules! names {
    ($(#[$meta:meta])* $type:ident, $what:literal { $( $(#[$vmeta:meta])* $variant:ident: $tweet:tt, $post:tt; )* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $( $(#[$vmeta])* $variant, )*
        }

        impl $type {
            /// Every one there is.
            pub const ALL: &[Self] = &[$( Self::$variant, )*];

            /// Its name in a vocabulary, if that has it.
            pub fn name(self, vocabulary: Vocabulary) -> Option<&'static str> {
                let (tweet, post): (Option<&str>, Option<&str>) = match self {
                    $( Self::$variant => (name!($tweet), name!($post)), )*
                };
                match vocabulary {
                    Vocabulary::Tweet => tweet,
                    Vocabulary::Post => post,
                }
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            /// Takes the name of either vocabulary.
            fn from_str(text: &str) -> Result<Self, UnknownName> {
                let named = |item: &&Self| {
                    item.name(Vocabulary::Tweet) == Some(text) || item.name(Vocabulary::Post) == Some(text)
                };
                let unknown = || UnknownName { what: $what, given: text.to_owned() };
                Self::ALL.iter().find(named).copied().ok_or_else(unknown)
            }
        }
    };
}

names! {
    /// A field of posts (`tweet.fields`, `post.fields`). Those without a name in the post vocabulary come
    /// there with the expansion of the same name.
    #[expect(missing_docs, reason = "each is X's field of that name")]
    TweetField, "post field" {
        Article: "article", "article";
        ArticleTitle: -, "article_title";
        Attachments: "attachments", "attachments";
        AuthorId: "author_id", -;
        CardUri: "card_uri", "card_uri";
        CommunityId: "community_id", "community_id";
        ContextAnnotations: "context_annotations", "context_annotations";
        ConversationId: "conversation_id", "conversation_id";
        CreatedAt: "created_at", "created_at";
        DisplayTextRange: "display_text_range", "display_text_range";
        EditControls: "edit_controls", "edit_controls";
        EditHistory: "edit_history_tweet_ids", -;
        Entities: "entities", "entities";
        Geo: "geo", "geo";
        Id: "id", "id";
        InReplyToUserId: "in_reply_to_user_id", -;
        Lang: "lang", "lang";
        MatchedMediaNotes: -, "matched_media_notes";
        MediaMetadata: "media_metadata", "media_metadata";
        Note: "note_tweet", "note_post";
        PaidPartnership: -, "paid_partnership";
        PossiblySensitive: "possibly_sensitive", "possibly_sensitive";
        PublicMetrics: "public_metrics", "public_metrics";
        Referenced: "referenced_tweets", -;
        ReplySettings: "reply_settings", "reply_settings";
        Scopes: "scopes", "scopes";
        Source: "source", "source";
        SuggestedSourceLinks: "suggested_source_links", "suggested_source_links";
        Text: "text", "text";
        Withheld: "withheld", "withheld";
    }
}

names! {
    /// A field of accounts (`user.fields`).
    #[expect(missing_docs, reason = "each is X's field of that name")]
    UserField, "user field" {
        Affiliation: "affiliation", -;
        CreatedAt: "created_at", "created_at";
        Description: "description", "description";
        Entities: "entities", "entities";
        Id: "id", "id";
        Location: "location", "location";
        MostRecentTweetId: "most_recent_tweet_id", -;
        Name: "name", "name";
        Parody: "parody", "parody";
        PinnedTweetId: "pinned_tweet_id", -;
        ProfileBannerUrl: "profile_banner_url", "profile_banner_url";
        ProfileImageUrl: "profile_image_url", "profile_image_url";
        Protected: "protected", "protected";
        PublicMetrics: "public_metrics", "public_metrics";
        SubscriptionType: "subscription_type", "subscription_type";
        Url: "url", "url";
        Username: "username", "username";
        Verified: "verified", "verified";
        VerifiedType: "verified_type", "verified_type";
        Withheld: "withheld", "withheld";
    }
}

names! {
    /// A field of pictures and videos (`media.fields`).
    #[expect(missing_docs, reason = "each is X's field of that name")]
    MediaField, "media field" {
        AltText: "alt_text", "alt_text";
        DurationMs: "duration_ms", "duration_ms";
        Height: "height", "height";
        MediaKey: "media_key", "media_key";
        PreviewImageUrl: "preview_image_url", "preview_image_url";
        PublicMetrics: "public_metrics", "public_metrics";
        Type: "type", "type";
        Url: "url", "url";
        Variants: "variants", "variants";
        Width: "width", "width";
    }
}

names! {
    /// A field of places (`place.fields`).
    #[expect(missing_docs, reason = "each is X's field of that name")]
    PlaceField, "place field" {
        ContainedWithin: "contained_within", "contained_within";
        Country: "country", "country";
        CountryCode: "country_code", "country_code";
        FullName: "full_name", "full_name";
        Geo: "geo", "geo";
        Id: "id", "id";
        Name: "name", "name";
        PlaceType: "place_type", "place_type";
    }
}

names! {
    /// A field of polls (`poll.fields`).
    #[expect(missing_docs, reason = "each is X's field of that name")]
    PollField, "poll field" {
        DurationMinutes: "duration_minutes", "duration_minutes";
        EndDatetime: "end_datetime", "end_datetime";
        Id: "id", "id";
        Options: "options", "options";
        VotingStatus: "voting_status", "voting_status";
    }
}

names! {
    /// What is sent along in `includes`. Each resource sent along is billed.
    Expansion, "expansion" {
        /// Pictures and videos of the posts.
        MediaKeys: "attachments.media_keys", "attachments.media_keys";
        /// The posts their media come from.
        MediaSource: "attachments.media_source_tweet", "attachments.media_source_tweet";
        /// Their polls.
        PollIds: "attachments.poll_ids", "attachments.poll_ids";
        /// Their authors.
        AuthorId: "author_id", "author_id";
        /// Their earlier and later versions.
        EditHistory: "edit_history_tweet_ids", "edit_history_post_ids";
        /// Accounts they mention.
        Mentions: "entities.mentions.username", "entities.mentions.username";
        /// Accounts their long text mentions.
        NoteMentions: "entities.note.mentions.username", -;
        /// Their places.
        PlaceId: "geo.place_id", "geo.place_id";
        /// Accounts they answer.
        InReplyToUserId: "in_reply_to_user_id", "in_reply_to_user_id";
        /// Posts they quote or answer.
        Referenced: "referenced_tweets.id", "referenced_posts";
        /// Pictures and videos of those.
        ReferencedMediaKeys: "referenced_tweets.id.attachments.media_keys", -;
        /// Authors of those.
        ReferencedAuthorId: "referenced_tweets.id.author_id", -;
    }
}

/// The fields asked for, of each kind of thing. An empty set asks for X's default of that kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    /// Of posts.
    pub tweet: BTreeSet<TweetField>,
    /// Of accounts.
    pub user: BTreeSet<UserField>,
    /// Of pictures and videos.
    pub media: BTreeSet<MediaField>,
    /// Of places.
    pub place: BTreeSet<PlaceField>,
    /// Of polls.
    pub poll: BTreeSet<PollField>,
}

impl Fields {
    /// Everything an app's own token may read: fields cost nothing, resources do. Metrics only an author may
    /// read are not among the fields of this crate.
    pub fn all() -> Self {
        Self {
            tweet: TweetField::ALL.iter().copied().collect(),
            user: UserField::ALL.iter().copied().collect(),
            media: MediaField::ALL.iter().copied().collect(),
            place: PlaceField::ALL.iter().copied().collect(),
            poll: PollField::ALL.iter().copied().collect(),
        }
    }
}
