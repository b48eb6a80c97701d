//! Post number i as X answers it with all fields, in tweet names, and the facts a query asks of it.

use serde_json::{Value, json};

use super::draw::{Draw, For};
use super::entities::{self, Targets};
use super::relations::{EDITABLE, MOST_EDITS};
use super::texts::{Grammars, LinkKind, SHORT, Words};
use super::timeline::Timeline;
use super::{authors, context, places};
use crate::clock::UnixMs;
use crate::query::Facts;

/// A field the specs do not know, on a few posts: X adds fields at any time.
const UNANNOUNCED: &str = "x_unannounced";

/// Writes post `index` as it stands at `now`, when `existing` posts exist.
pub(crate) fn resource(line: &Timeline, grammars: &Grammars, quirks: bool, index: u64, now: UnixMs) -> Value {
    let words = line.words(grammars, index);
    let edition = line.edition(index);
    let relations = line.relations(index);
    let existing = line.existing(now);
    let chain: Vec<String> = line.versions(edition, existing).map(|i| line.id(i).to_string()).collect();
    let until = line.created(edition.root).plus(EDITABLE);
    let remaining = (MOST_EDITS + 1).saturating_sub(chain.len() as u64);
    let mut quirk = Draw::new(line.seed, For::Quirks, index);
    // Spec 2.159 contradicts itself here: its pattern has no room for the name of 14 letters that its list has.
    let audience = *quirk.pick(&["everyone", "everyone", "everyone", "mentionedUsers", "following"]);
    let audience = if quirks || audience != "mentionedUsers" { audience } else { "everyone" };
    let remaining = if quirks && quirk.chance(400) { json!(remaining.to_string()) } else { json!(remaining) };
    let length = words.text.chars().count();

    let mut post = json!({
        "id": line.id(index).to_string(),
        "text": shown(&words.text),
        "author_id": authors::id(line.author(index)).to_string(),
        "conversation_id": line.conversation(index).to_string(),
        "created_at": line.created(index).whole_second().to_string(),
        "lang": words.lang,
        "possibly_sensitive": quirk.chance(20),
        "reply_settings": audience,
        "display_text_range": [0, length.min(SHORT)],
        "edit_history_tweet_ids": chain,
        "edit_controls": {
            "edits_remaining": remaining,
            "is_edit_eligible": relations.replied_to.is_none(),
            "editable_until": until.whole_second().to_string(),
        },
        "public_metrics": metrics(line.seed, index),
    });
    add_references(line, &mut post, index);
    let media_keys = add_attachments(line, &mut post, index, now);
    add_place(line, &mut post, edition.root);
    let targets = Targets {
        seed: line.seed,
        index: edition.root,
        own: address(line, index),
        quoted: relations.quoted.map(|quoted| address(line, quoted)),
        media_keys: &media_keys,
    };
    if let Some(found) = entities::of(&words, &targets, SHORT) {
        post["entities"] = found;
    }
    if length > SHORT {
        post["note_tweet"] = note(&words, &targets);
    }
    if let Some(pairs) = context::of(line.seed, edition.root, words.topic) {
        post["context_annotations"] = pairs;
    }
    if quirk.chance(800) {
        post["source"] =
            json!(*quirk.pick(&["Twitter for Android", "Twitter Web App", "Twitter for iPhone"]));
    }
    if quirk.chance(5) {
        post["withheld"] = json!({ "copyright": false, "country_codes": ["DE", "IN"], "scope": "tweet" });
    }
    if quirks {
        forget_or_add(&mut post, &mut quirk);
    }
    post
}

/// What a query asks of post `index`.
pub(crate) fn facts(line: &Timeline, grammars: &Grammars, index: u64) -> Facts {
    let words = line.words(grammars, index);
    let root = line.edition(index).root;
    let relations = line.relations(index);
    let author = line.author(index);
    let media = line.has_media(root);
    Facts {
        lang: words.lang.into(),
        author_id: authors::id(author).to_string(),
        username: authors::username(line.seed, author),
        is_reply: relations.replied_to.is_some(),
        is_quote: relations.quoted.is_some(),
        is_retweet: false,
        is_nullcast: is_nullcast(line.seed, index),
        is_verified: authors::is_verified(author),
        has_media: media,
        has_images: media && line.media(index).iter().any(|media| media["type"] == "photo"),
        has_videos: media && line.media(index).iter().any(|media| media["type"] == "video"),
        has_links: words.links.iter().any(|link| link.kind != LinkKind::Media),
        has_mentions: !words.mentions.is_empty(),
        has_geo: place(line.seed, root).is_some(),
        text: words.text,
    }
}

/// Shown as an advertisement only, never in a timeline.
fn is_nullcast(seed: u64, index: u64) -> bool {
    Draw::new(seed, For::Trimmings, index).chance(10)
}

fn shown(text: &str) -> String {
    text.chars().take(SHORT).collect()
}

fn note(words: &Words, targets: &Targets<'_>) -> Value {
    let mut note = json!({ "text": words.text });
    if let Some(mut found) = entities::of(words, targets, usize::MAX) {
        if let Some(found) = found.as_object_mut() {
            found.remove("annotations");
        }
        if found.as_object().is_some_and(|found| !found.is_empty()) {
            note["entities"] = found;
        }
    }
    note
}

fn metrics(seed: u64, index: u64) -> Value {
    let mut draw = Draw::new(seed, For::Metrics, index);
    let likes = draw.below(4_000) * draw.below(1_000) / 20_000;
    json!({
        "retweet_count": likes / 5, "reply_count": likes / 9, "like_count": likes, "quote_count": likes / 40,
        "bookmark_count": likes / 30, "impression_count": likes * 37 + draw.below(100),
    })
}

fn add_references(line: &Timeline, post: &mut Value, index: u64) {
    let relations = line.relations(index);
    let mut references = Vec::new();
    if let Some(to) = relations.replied_to {
        references.push(json!({ "type": "replied_to", "id": line.id(to).to_string() }));
        post["in_reply_to_user_id"] = json!(authors::id(line.author(to)).to_string());
    }
    if let Some(quoted) = relations.quoted {
        references.push(json!({ "type": "quoted", "id": line.id(quoted).to_string() }));
    }
    if !references.is_empty() {
        post["referenced_tweets"] = Value::Array(references);
    }
}

fn add_attachments(line: &Timeline, post: &mut Value, index: u64, now: UnixMs) -> Vec<String> {
    let media = line.media(index);
    let keys: Vec<String> =
        media.iter().filter_map(|media| media["media_key"].as_str().map(Into::into)).collect();
    if !keys.is_empty() {
        post["attachments"]["media_keys"] = json!(keys);
    }
    if let Some(poll) = line.poll(index, now) {
        post["attachments"]["poll_ids"] = json!([poll["id"]]);
    }
    keys
}

fn place(seed: u64, root: u64) -> Option<(&'static str, Draw)> {
    let mut draw = Draw::new(seed, For::Place, root);
    draw.chance(120).then(|| (places::any(&mut draw), draw))
}

fn add_place(line: &Timeline, post: &mut Value, root: u64) {
    let Some((id, mut draw)) = place(line.seed, root) else { return };
    // Some posts have a place, some a position too, a few a position alone.
    let kind = draw.below(100);
    if kind < 95 {
        post["geo"]["place_id"] = json!(id);
    }
    if kind >= 70
        && let Some(position) = places::position(id, &mut draw)
    {
        post["geo"]["coordinates"] = json!({ "type": "Point", "coordinates": position });
    }
}

fn address(line: &Timeline, index: u64) -> String {
    let name = authors::username(line.seed, line.author(index));
    format!("https://x.example/{name}/status/{}", line.id(index))
}

fn forget_or_add(post: &mut Value, quirk: &mut Draw) {
    if let Some(post) = post.as_object_mut() {
        for field in ["lang", "possibly_sensitive", "reply_settings", "edit_controls", "context_annotations"]
        {
            if quirk.chance(8) {
                post.remove(field);
            }
        }
        if quirk.chance(20) {
            post.insert(UNANNOUNCED.into(), json!({ "level": quirk.below(5), "note": "não documentado ✅" }));
        }
    }
}
