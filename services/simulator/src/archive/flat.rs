//! Undoes twarc2's `flatten`: one post a line, in which users, media, polls, places and posts were written into it.

use serde_json::{Map, Value};

use super::Archive;

/// What a mention has of its own; the rest is the user's.
const OF_MENTION: &[&str] = &["start", "end", "username", "id"];
/// What a reference has of its own; the rest is the post's.
const OF_REFERENCE: &[&str] = &["type", "id"];
/// What the position of a post has of its own; the rest is the place's.
const OF_GEO: &[&str] = &["place_id", "coordinates"];

impl Archive {
    pub(super) fn take_flat(&mut self, mut post: Value) -> bool {
        if let Some(post) = post.as_object_mut() {
            post.remove("__twarc");
            self.strip(post);
        }
        self.matched.push(post);
        true
    }

    fn strip(&mut self, post: &mut Map<String, Value>) {
        for user in ["author", "in_reply_to_user"].iter().filter_map(|key| post.remove(*key)) {
            self.shelf.put_user(user);
        }
        if let Some(Value::Object(attachments)) = post.get_mut("attachments") {
            let all =
                attachments.remove("media").and_then(|media| media.as_array().cloned()).unwrap_or_default();
            let keyed =
                all.into_iter().filter_map(|media| Some((media["media_key"].as_str()?.to_owned(), media)));
            self.shelf.media.extend(keyed);
            if let Some(poll) = attachments.remove("poll")
                && let Some(id) = poll["id"].as_str()
            {
                self.shelf.polls.insert(id.to_owned(), poll);
            }
        }
        if let Some(Value::Object(geo)) = post.get_mut("geo") {
            let place = take_apart(geo, OF_GEO);
            if let Some(id) = place.get("id").and_then(Value::as_str) {
                self.shelf.places.insert(id.to_owned(), Value::Object(place));
            }
        }
        if let Some(Value::Object(entities)) = post.get_mut("entities")
            && let Some(Value::Array(mentions)) = entities.get_mut("mentions")
        {
            for mention in mentions.iter_mut().filter_map(Value::as_object_mut) {
                let mut user = take_apart(mention, OF_MENTION);
                // A user written into it has a name at least; twarc2 lets the user's id stand.
                if user.contains_key("name") {
                    for shared in ["id", "username"] {
                        user.extend(mention.get(shared).map(|value| (shared.to_owned(), value.clone())));
                    }
                    self.shelf.put_user(Value::Object(user));
                }
            }
        }
        if let Some(Value::Array(references)) = post.get_mut("referenced_tweets") {
            for reference in references.iter_mut().filter_map(Value::as_object_mut) {
                let mut other = take_apart(reference, OF_REFERENCE);
                if other.contains_key("text") {
                    other.extend(reference.get("id").map(|id| ("id".to_owned(), id.clone())));
                    self.strip(&mut other);
                    self.included.push(Value::Object(other));
                }
            }
        }
    }
}

/// Leaves the `own` fields where they are and returns all others.
fn take_apart(object: &mut Map<String, Value>, own: &[&str]) -> Map<String, Value> {
    let (kept, taken) = std::mem::take(object).into_iter().partition(|(key, _)| own.contains(&key.as_str()));
    *object = kept;
    taken
}
