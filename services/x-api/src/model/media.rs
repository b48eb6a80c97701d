//! Pictures, videos and polls.

use crate::ids::{MediaKey, PollId};
use crate::json::record;
use crate::scalar::{Count, Timestamp};

record! {
    /// A picture, a video or a moving picture.
    pub struct Media {
        must {
            /// The key posts refer to it by.
            media_key: MediaKey = "media_key",
        }
        may {
            /// `photo`, `video`, `animated_gif`.
            kind: String = "type",
            /// Where a picture lies.
            url: String = "url",
            /// Where a video's still picture lies.
            preview_image_url: String = "preview_image_url",
            /// Pixels.
            width: Count = "width",
            /// Pixels.
            height: Count = "height",
            /// Milliseconds.
            duration_ms: Count = "duration_ms",
            /// The author's description.
            alt_text: String = "alt_text",
            /// Views.
            public_metrics: MediaMetrics = "public_metrics",
            /// A video's files.
            variants: Vec<Variant> = "variants",
        }
    }
}

record! {
    /// How often a video was seen.
    pub struct MediaMetrics {
        may {
            /// Views.
            views: Count = "view_count",
        }
    }
}

record! {
    /// One file of a video.
    pub struct Variant {
        may {
            /// Bits a second.
            bit_rate: Count = "bit_rate",
            /// MIME type.
            content_type: String = "content_type",
            /// Where it lies.
            url: String = "url",
        }
    }
}

record! {
    /// A poll.
    pub struct Poll {
        must {
            /// The id.
            id: PollId = "id",
        }
        may {
            /// The answers to choose from.
            options: Vec<PollOption> = "options",
            /// Minutes.
            duration_minutes: Count = "duration_minutes",
            /// When it ends.
            end_datetime: Timestamp = "end_datetime",
            /// `open` or `closed`.
            voting_status: String = "voting_status",
        }
    }
}

record! {
    /// An answer to choose.
    pub struct PollOption {
        may {
            /// From 1.
            position: Count = "position",
            /// Its text.
            label: String = "label",
            /// Votes at the time of the answer.
            votes: Count = "votes",
        }
    }
}
