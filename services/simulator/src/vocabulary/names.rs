//! The lists of both specs: what may be asked for, and under which name.

use super::Name;

/// `tweet.fields` of spec 2.159.
pub(super) const TWEET_FIELDS: &[&str] = &[
    "article",
    "attachments",
    "author_id",
    "card_uri",
    "community_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "display_text_range",
    "edit_controls",
    "edit_history_tweet_ids",
    "entities",
    "geo",
    "id",
    "in_reply_to_user_id",
    "lang",
    "media_metadata",
    "non_public_metrics",
    "note_tweet",
    "organic_metrics",
    "possibly_sensitive",
    "promoted_metrics",
    "public_metrics",
    "referenced_tweets",
    "reply_settings",
    "scopes",
    "source",
    "suggested_source_links",
    "suggested_source_links_with_counts",
    "text",
    "withheld",
];

/// `post.fields` of spec 2.167 are every inner name but these: they come by expansions alone.
pub(super) const NO_POST_FIELDS: &[&str] =
    &["author_id", "edit_history_tweet_ids", "in_reply_to_user_id", "referenced_tweets", "username"];

/// Every field of a post that comes only when asked for, by its inner name.
pub(crate) const TWEETS: &[&str] = &[
    "article",
    "article_title",
    "attachments",
    "author_id",
    "card_uri",
    "community_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "display_text_range",
    "edit_controls",
    "edit_history_tweet_ids",
    "entities",
    "geo",
    "id",
    "in_reply_to_user_id",
    "lang",
    "matched_media_notes",
    "media_metadata",
    "non_public_metrics",
    "note_tweet",
    "note_request_suggestions",
    "organic_metrics",
    "paid_partnership",
    "possibly_sensitive",
    "promoted_metrics",
    "public_metrics",
    "referenced_tweets",
    "reply_settings",
    "scopes",
    "source",
    "suggested_source_links",
    "suggested_source_links_with_counts",
    "text",
    "username",
    "withheld",
];

/// `expansions` of spec 2.159.
pub(crate) const EXPANSIONS_OF_TWEETS: &[&str] = &[
    "article.cover_media",
    "article.media_entities",
    "attachments.media_keys",
    "attachments.media_source_tweet",
    "attachments.poll_ids",
    "author_id",
    "edit_history_tweet_ids",
    "entities.mentions.username",
    "geo.place_id",
    "in_reply_to_user_id",
    "entities.note.mentions.username",
    "referenced_tweets.id",
    "referenced_tweets.id.attachments.media_keys",
    "referenced_tweets.id.author_id",
];

/// `expansions` of spec 2.167.
pub(super) const EXPANSIONS_OF_POSTS: &[Name] = &[
    ("article.cover_media", "article.cover_media"),
    ("article.media_entities", "article.media_entities"),
    ("attachments.media_keys", "attachments.media_keys"),
    ("attachments.media_source_tweet", "attachments.media_source_tweet"),
    ("attachments.poll_ids", "attachments.poll_ids"),
    ("author_id", "author_id"),
    ("edit_history_tweet_ids", "edit_history_post_ids"),
    ("entities.mentions.username", "entities.mentions.username"),
    ("geo.place_id", "geo.place_id"),
    ("in_reply_to_user_id", "in_reply_to_user_id"),
    ("referenced_tweets.id", "referenced_posts"),
    ("username", "username"),
];

/// `user.fields` of spec 2.159.
pub(super) const USER_FIELDS_OF_TWEETS: &[&str] = &[
    "affiliation",
    "confirmed_email",
    "connection_status",
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "most_recent_tweet_id",
    "name",
    "parody",
    "pinned_tweet_id",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "subscription",
    "subscription_type",
    "url",
    "username",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
];

/// `user.fields` of spec 2.167.
pub(super) const USER_FIELDS_OF_POSTS: &[&str] = &[
    "confirmed_email",
    "connection_status",
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "name",
    "parody",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "subscribes_to_you",
    "subscription",
    "subscription_type",
    "url",
    "username",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
];

/// Every field of a user that comes only when asked for, by its inner name.
pub(crate) const USERS: &[&str] = &[
    "affiliation",
    "confirmed_email",
    "connection_status",
    "created_at",
    "description",
    "entities",
    "id",
    "is_identity_verified",
    "location",
    "most_recent_tweet_id",
    "name",
    "parody",
    "pinned_tweet_id",
    "profile_banner_url",
    "profile_image_url",
    "protected",
    "public_metrics",
    "receives_your_dm",
    "subscribes_to_you",
    "subscription",
    "subscription_type",
    "url",
    "username",
    "verified",
    "verified_followers_count",
    "verified_type",
    "withheld",
];

/// `media.fields` of both specs.
pub(crate) const MEDIA: &[&str] = &[
    "alt_text",
    "duration_ms",
    "height",
    "media_key",
    "non_public_metrics",
    "organic_metrics",
    "preview_image_url",
    "promoted_metrics",
    "public_metrics",
    "type",
    "url",
    "variants",
    "width",
];

/// `place.fields` of both specs.
pub(crate) const PLACES: &[&str] =
    &["contained_within", "country", "country_code", "full_name", "geo", "id", "name", "place_type"];

/// `poll.fields` of both specs.
pub(crate) const POLLS: &[&str] = &["duration_minutes", "end_datetime", "id", "options", "voting_status"];
