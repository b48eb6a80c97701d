//! Answers from tweet names into the names that are spoken.

use serde_json::Value;

use super::Vocabulary;

/// What a link in a note has in post names; in the post's own entities it has more.
const OF_NOTE_LINK: &[&str] = &["display_url", "end", "expanded_url", "start", "url"];

impl Vocabulary {
    /// Gives a post the names that are spoken.
    pub(crate) fn rename_post(self, post: &mut Value) {
        if self == Self::Tweet {
            return;
        }
        rename(post, "edit_history_tweet_ids", "edit_history_post_ids");
        rename(post, "referenced_tweets", "referenced_posts");
        rename(post, "note_tweet", "note_post");
        for metrics in ["public_metrics", "organic_metrics", "promoted_metrics"] {
            if let Some(metrics) = post.get_mut(metrics) {
                rename(metrics, "retweet_count", "repost_count");
            }
        }
        if let Some(scope) = post.pointer_mut("/withheld/scope").filter(|scope| **scope == "tweet") {
            *scope = Value::from("post");
        }
        if let Some(entities) = post.get_mut("entities").and_then(Value::as_object_mut) {
            // Post names have no annotations.
            entities.remove("annotations");
        }
        let links = post.pointer_mut("/note_post/entities/urls").and_then(Value::as_array_mut);
        for link in links.into_iter().flatten().filter_map(Value::as_object_mut) {
            link.retain(|key, _| OF_NOTE_LINK.contains(&key.as_str()));
        }
    }

    /// Gives a user the names that are spoken.
    pub(crate) fn rename_user(self, user: &mut Value) {
        if self == Self::Tweet {
            return;
        }
        rename(user, "most_recent_tweet_id", "most_recent_post_id");
        rename(user, "pinned_tweet_id", "pinned_post_id");
        if let Some(metrics) = user.get_mut("public_metrics") {
            rename(metrics, "tweet_count", "post_count");
        }
    }
}

fn rename(of: &mut Value, from: &str, to: &str) {
    if let Some(object) = of.as_object_mut()
        && let Some(value) = object.remove(from)
    {
        object.insert(to.into(), value);
    }
}
