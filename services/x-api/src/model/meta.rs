//! What an answer says of itself.

use crate::ids::TweetId;
use crate::json::record;
use crate::scalar::Count;

record! {
    /// The `meta` of a search page or of counts.
    pub struct Meta {
        may {
            /// The newest post of the page.
            newest_id: TweetId = "newest_id",
            /// The oldest post of the page.
            oldest_id: TweetId = "oldest_id",
            /// Posts on the page, as X counts them.
            result_count: Count = "result_count",
            /// The way to the next page; absent on the last.
            next_token: String = "next_token",
            /// The way back.
            previous_token: String = "previous_token",
            /// Posts in all intervals of this answer (counts only).
            total_tweets: Count = "total_tweet_count" | "total_post_count",
        }
    }
}
