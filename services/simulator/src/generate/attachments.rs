//! Pictures, videos and polls of a post; their keys hold the post's id, so that a key leads back to the post.

use std::time::Duration;

use serde_json::{Value, json};

use super::draw::{Draw, For};
use super::timeline::{CHILD_BITS, Timeline};
use crate::clock::UnixMs;
use crate::ids::PostId;

/// Media are numbered from 1 behind the post's id, the poll has the highest number.
const POLL: u64 = (1 << CHILD_BITS) - 1;
const MOST_MEDIA: u64 = 4;

const LABELS: &[&[&str]] =
    &[&["Sim", "Não"], &["Sim 👍🏽", "Não", "Talvez"], &["1st shot", "2nd shot", "booster", "none & never"]];

/// The post a media key or a poll's id was made from.
pub(crate) fn post_of(child: PostId) -> PostId {
    PostId(child.0 >> CHILD_BITS << CHILD_BITS)
}

impl Timeline {
    /// True if the post shows pictures or a video; edits keep them.
    pub(crate) fn has_media(&self, root: u64) -> bool {
        Draw::new(self.seed, For::Attachments, root).chance(150)
    }

    /// True if the post asks a question with choices.
    pub(crate) fn has_poll(&self, root: u64) -> bool {
        let mut draw = Draw::new(self.seed, For::Attachments, root);
        !draw.chance(150) && draw.chance(20)
    }

    /// The media of the post, each as X answers it with all fields.
    pub(crate) fn media(&self, index: u64) -> Vec<Value> {
        let root = self.edition(index).root;
        if !self.has_media(root) {
            return Vec::new();
        }
        let mut draw = Draw::new(self.seed, For::Attachments, root);
        draw.number();
        let post = self.id(root);
        match draw.below(10) {
            0..2 => vec![moving(post, "video", &mut draw)],
            2 => vec![moving(post, "animated_gif", &mut draw)],
            _ => {
                let count = draw.between(1, MOST_MEDIA).min(draw.between(1, MOST_MEDIA));
                (1..=count).map(|n| photo(post, n, &mut draw)).collect()
            }
        }
    }

    /// The poll of the post.
    pub(crate) fn poll(&self, index: u64, now: UnixMs) -> Option<Value> {
        let root = self.edition(index).root;
        if !self.has_poll(root) {
            return None;
        }
        let mut draw = Draw::new(self.seed, For::Attachments, root ^ u64::MAX);
        let minutes = *draw.pick(&[5, 60, 1440, 10_080]);
        let ends = self.created(root).plus(Duration::from_secs(minutes * 60));
        let labels = draw.pick(LABELS);
        let options: Vec<Value> = (1..)
            .zip(*labels)
            .map(
                |(position, label)| json!({ "position": position, "label": label, "votes": draw.below(900) }),
            )
            .collect();
        Some(json!({
            "id": PostId(self.id(root).0 | POLL).to_string(),
            "options": options,
            "duration_minutes": minutes,
            "end_datetime": ends.whole_second().to_string(),
            "voting_status": if ends > now { "open" } else { "closed" },
        }))
    }
}

fn photo(post: PostId, n: u64, draw: &mut Draw) -> Value {
    let mut media = json!({
        "media_key": format!("3_{}", post.0 | n),
        "type": "photo",
        "url": format!("https://pbs.example/media/{}.jpg", draw.letters(15)),
        "width": draw.between(320, 4096),
        "height": draw.between(240, 4096),
    });
    if draw.chance(300) {
        media["alt_text"] = json!(draw.pick(&[
            "Cartaz: \"use máscara\"",
            "a queue in front of a clinic",
            "gráfico de casos 📈"
        ]));
    }
    media
}

fn moving(post: PostId, kind: &str, draw: &mut Draw) -> Value {
    let name = draw.letters(15);
    let prefix = if kind == "video" { 7 } else { 16 };
    let mut media = json!({
        "media_key": format!("{prefix}_{}", post.0 | 1),
        "type": kind,
        "preview_image_url": format!("https://pbs.example/thumb/{name}.jpg"),
        "width": 1280,
        "height": 720,
        "variants": [{ "bit_rate": 832_000, "content_type": "video/mp4", "url": format!("https://video.example/{name}.mp4?tag=12") }],
    });
    if kind == "video" {
        media["duration_ms"] = json!(draw.between(2_000, 140_000));
        media["public_metrics"] = json!({ "view_count": draw.below(200_000) });
    }
    media
}
