//! An account.

use super::entities::Entities;
use super::tweet::Withheld;
use crate::ids::{TweetId, UserId};
use crate::json::record;
use crate::scalar::{Count, Timestamp};

record! {
    /// An account. Only its id is certain: names are given up and used again.
    pub struct User {
        must {
            /// The id.
            id: UserId = "id",
        }
        may {
            /// The name, without `@`.
            username: String = "username",
            /// The name shown.
            name: String = "name",
            /// When it was made.
            created_at: Timestamp = "created_at",
            /// The profile's text.
            description: String = "description",
            /// Links and tags in the profile.
            entities: UserEntities = "entities",
            /// Free text.
            location: String = "location",
            /// The profile's link.
            url: String = "url",
            /// Whether X shows a mark.
            verified: bool = "verified",
            /// `blue`, `business`, `government`, `none`.
            verified_type: String = "verified_type",
            /// Whether only followers see it.
            protected: bool = "protected",
            /// Followers, posts and so on.
            public_metrics: UserMetrics = "public_metrics",
            /// The pinned post.
            pinned_tweet_id: TweetId = "pinned_tweet_id" | "pinned_post_id",
            /// The newest post.
            most_recent_tweet_id: TweetId = "most_recent_tweet_id" | "most_recent_post_id",
            /// The picture.
            profile_image_url: String = "profile_image_url",
            /// The wide picture.
            profile_banner_url: String = "profile_banner_url",
            /// Countries where it is not shown.
            withheld: Withheld = "withheld",
        }
    }
}

record! {
    /// Entities of a profile.
    pub struct UserEntities {
        may {
            /// In the profile's link.
            url: Entities = "url",
            /// In the profile's text.
            description: Entities = "description",
        }
    }
}

record! {
    /// An account in numbers, at the time of the answer.
    pub struct UserMetrics {
        may {
            /// Accounts that follow it.
            followers: Count = "followers_count",
            /// Accounts it follows.
            following: Count = "following_count",
            /// Posts.
            tweets: Count = "tweet_count" | "post_count",
            /// Lists it is on.
            listed: Count = "listed_count",
            /// Likes given.
            likes: Count = "like_count",
            /// Posts with media.
            media: Count = "media_count",
        }
    }
}
