//! Users, media, polls and places by their keys: held ones first, then those made from the seed.

use std::collections::HashMap;

use serde_json::Value;

use super::Store;
use crate::clock::UnixMs;
use crate::generate::{attachments, authors, places};
use crate::ids::PostId;

/// What belongs to posts held as JSON.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) users: HashMap<String, Value>,
    pub(crate) media: HashMap<String, Value>,
    pub(crate) polls: HashMap<String, Value>,
    pub(crate) places: HashMap<String, Value>,
    /// Partial errors of an archive, by the id of the post that could not be shown.
    pub(crate) errors: HashMap<String, Value>,
    /// Ids of users by user name in small letters.
    names: HashMap<String, String>,
}

impl Shelf {
    pub(crate) fn put_user(&mut self, user: Value) {
        let Some(id) = user["id"].as_str().map(str::to_owned) else { return };
        if let Some(name) = user["username"].as_str() {
            self.names.insert(name.to_lowercase(), id.clone());
        }
        self.users.insert(id, user);
    }

    pub(crate) fn username(&self, id: &str) -> Option<&str> {
        self.users.get(id)?["username"].as_str()
    }

    /// Takes the users, media, polls and places out of an answer's `includes`.
    pub(crate) fn take_includes(&mut self, includes: &mut Value) {
        let mut of = |kind: &str| match includes.get_mut(kind).map(Value::take) {
            Some(Value::Array(all)) => all,
            _ => Vec::new(),
        };
        of("users").into_iter().for_each(|user| self.put_user(user));
        let keyed = |all: Vec<Value>, key: &'static str| {
            all.into_iter().filter_map(move |it| Some((it[key].as_str()?.to_owned(), it)))
        };
        self.media.extend(keyed(of("media"), "media_key"));
        self.polls.extend(keyed(of("polls"), "id"));
        self.places.extend(keyed(of("places"), "id"));
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.users.extend(other.users);
        self.media.extend(other.media);
        self.polls.extend(other.polls);
        self.places.extend(other.places);
        self.errors.extend(other.errors);
        self.names.extend(other.names);
    }
}

impl Store {
    pub(crate) fn user(&self, id: &str) -> Option<Value> {
        let made =
            || authors::of_id(id.parse().ok()?).map(|author| authors::resource(self.line.seed, author));
        self.shelf.users.get(id).cloned().or_else(made)
    }

    pub(crate) fn user_named(&self, name: &str) -> Option<Value> {
        if let Some(id) = self.shelf.names.get(&name.to_lowercase()) {
            return self.user(id);
        }
        authors::of_username(self.line.seed, name).map(|author| authors::resource(self.line.seed, author))
    }

    pub(crate) fn place(&self, id: &str) -> Option<Value> {
        self.shelf.places.get(id).cloned().or_else(|| places::resource(id))
    }

    pub(crate) fn media(&self, key: &str, now: UnixMs) -> Option<Value> {
        if let Some(media) = self.shelf.media.get(key) {
            return Some(media.clone());
        }
        let index = self.made_for(PostId::parse(key.split_once('_')?.1)?, now)?;
        self.line.media(index).into_iter().find(|media| media["media_key"] == key)
    }

    pub(crate) fn poll(&self, id: &str, now: UnixMs) -> Option<Value> {
        if let Some(poll) = self.shelf.polls.get(id) {
            return Some(poll.clone());
        }
        let index = self.made_for(PostId::parse(id)?, now)?;
        self.line.poll(index, now).filter(|poll| poll["id"] == id)
    }

    /// The archive's own error for a post that it could not show.
    pub(crate) fn archived_error(&self, id: &str) -> Option<Value> {
        self.shelf.errors.get(id).cloned()
    }

    pub(crate) fn username_of(&self, id: &str) -> Option<String> {
        self.user(id).and_then(|user| user["username"].as_str().map(Into::into))
    }

    fn made_for(&self, child: PostId, now: UnixMs) -> Option<u64> {
        self.line.index(attachments::post_of(child), self.line.existing(now))
    }
}
