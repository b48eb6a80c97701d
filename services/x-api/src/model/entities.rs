//! What X found in a text: hashtags, mentions, links. Positions count Unicode code points.

use crate::ids::{MediaKey, UserId};
use crate::json::record;
use crate::scalar::{Count, Real};

record! {
    /// The entities of a text.
    pub struct Entities {
        may {
            /// Named things X recognised.
            annotations: Vec<Annotation> = "annotations",
            /// `$TICKER`s.
            cashtags: Vec<Tag> = "cashtags",
            /// `#hashtags`.
            hashtags: Vec<Tag> = "hashtags",
            /// `@mentions`.
            mentions: Vec<Mention> = "mentions",
            /// Links.
            urls: Vec<Url> = "urls",
        }
    }
}

record! {
    /// A named thing in the text; its end is inclusive, unlike every other entity's.
    pub struct Annotation {
        may {
            /// First code point.
            start: Count = "start",
            /// Last code point.
            end: Count = "end",
            /// `Person`, `Place`, `Product`, `Organization`, `Other`.
            kind: String = "type",
            /// The thing's name.
            normalized_text: String = "normalized_text",
            /// How sure X is, 0 to 1.
            probability: Real = "probability",
        }
    }
}

record! {
    /// A hashtag or a cashtag.
    pub struct Tag {
        may {
            /// First code point.
            start: Count = "start",
            /// One past the last code point.
            end: Count = "end",
            /// The tag without its sign.
            tag: String = "tag",
        }
    }
}

record! {
    /// A mentioned account.
    pub struct Mention {
        may {
            /// First code point.
            start: Count = "start",
            /// One past the last code point.
            end: Count = "end",
            /// The name, without `@`.
            username: String = "username",
            /// The account's id; missing in descriptions of users.
            id: UserId = "id",
        }
    }
}

record! {
    /// A link.
    pub struct Url {
        may {
            /// First code point.
            start: Count = "start",
            /// One past the last code point.
            end: Count = "end",
            /// The link as it stands in the text (`https://t.co/…`).
            url: String = "url",
            /// Where it leads.
            expanded_url: String = "expanded_url",
            /// How X shows it.
            display_url: String = "display_url",
            /// Where it leads after redirects.
            unwound_url: String = "unwound_url",
            /// HTTP status of the page when X looked.
            status: Count = "status",
            /// The page's title.
            title: String = "title",
            /// The page's description.
            description: String = "description",
            /// Set when the link is attached media.
            media_key: MediaKey = "media_key",
            /// Preview pictures of the page.
            images: Vec<UrlImage> = "images",
        }
    }
}

record! {
    /// A preview picture of a linked page.
    pub struct UrlImage {
        may {
            /// Where it lies.
            url: String = "url",
            /// Pixels.
            width: Count = "width",
            /// Pixels.
            height: Count = "height",
        }
    }
}
