//! A post that is held as JSON: from an archive, or put in by a test.

use serde_json::Value;

use crate::clock::UnixMs;
use crate::ids::PostId;
use crate::query::Facts;

/// A post, in tweet names, and what is asked of it.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) id: PostId,
    pub(crate) post: Value,
    pub(crate) facts: Facts,
    /// Nothing finds it earlier.
    pub(crate) visible_at: UnixMs,
    /// False for a post that is only known because another one refers to it.
    pub(crate) is_searchable: bool,
}

impl Held {
    /// Reads the id and the facts; `None` without a valid id.
    pub(crate) fn read(post: Value, username: Option<&str>, is_searchable: bool) -> Option<Self> {
        let id = PostId::parse(post["id"].as_str()?)?;
        let facts = facts(&post, username.unwrap_or_default());
        Some(Self { id, post, facts, visible_at: UnixMs(i64::MIN), is_searchable })
    }
}

fn facts(post: &Value, username: &str) -> Facts {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let refers = |kind: &str| {
        post["referenced_tweets"]
            .as_array()
            .is_some_and(|all| all.iter().any(|reference| reference["type"] == kind))
    };
    let has = |path: &str| post.pointer(path).is_some();
    Facts {
        text: text(if post["note_tweet"]["text"].is_string() {
            &post["note_tweet"]["text"]
        } else {
            &post["text"]
        }),
        lang: text(&post["lang"]),
        author_id: text(&post["author_id"]),
        username: username.into(),
        is_reply: refers("replied_to"),
        is_quote: refers("quoted"),
        is_retweet: refers("retweeted"),
        is_nullcast: false,
        is_verified: false,
        has_media: has("/attachments/media_keys"),
        has_images: has("/attachments/media_keys"),
        has_videos: has("/attachments/media_keys"),
        has_links: has("/entities/urls"),
        has_mentions: has("/entities/mentions"),
        has_geo: has("/geo"),
    }
}
