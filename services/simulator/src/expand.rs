//! What a page brings along: the users, posts, media, polls and places its posts refer to, each once.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::clock::UnixMs;
use crate::errors::{not_authorized, not_found};
use crate::fields::Fields;
use crate::ids::PostId;
use crate::store::{LookUp, Store};
use crate::vocabulary::Vocabulary;

/// Gathers what is brought along, in the order it is first named.
pub(crate) struct Along<'a> {
    store: &'a Store,
    fields: &'a Fields,
    vocabulary: Vocabulary,
    now: UnixMs,
    seen: HashSet<(&'static str, String)>,
    users: Vec<Value>,
    posts: Vec<Value>,
    media: Vec<Value>,
    polls: Vec<Value>,
    places: Vec<Value>,
    /// Parts that could not be shown.
    pub(crate) errors: Vec<Value>,
    /// Ids of included posts, for the bill.
    pub(crate) post_ids: Vec<PostId>,
    /// Ids of included users, for the bill.
    pub(crate) user_ids: Vec<u64>,
}

impl<'a> Along<'a> {
    pub(crate) fn new(store: &'a Store, fields: &'a Fields, vocabulary: Vocabulary, now: UnixMs) -> Self {
        Self {
            store,
            fields,
            vocabulary,
            now,
            seen: HashSet::new(),
            users: Vec::new(),
            posts: Vec::new(),
            media: Vec::new(),
            polls: Vec::new(),
            places: Vec::new(),
            errors: Vec::new(),
            post_ids: Vec::new(),
            user_ids: Vec::new(),
        }
    }

    /// Adds what a matched post, with all its fields, refers to.
    pub(crate) fn add(&mut self, post: &Value) {
        self.add_people(post, "author_id");
        if self.fields.expands("in_reply_to_user_id") {
            self.add_user(post["in_reply_to_user_id"].as_str());
        }
        if self.fields.expands("geo.place_id")
            && let Some(id) = post.pointer("/geo/place_id").and_then(Value::as_str)
            && self.is_new("place", id)
            && let Some(mut place) = self.store.place(id)
        {
            self.fields.show_place(&mut place);
            self.places.push(place);
        }
        self.add_attachments(post, "attachments.media_keys");
        for id in strings(post.pointer("/attachments/poll_ids")) {
            if self.fields.expands("attachments.poll_ids")
                && self.is_new("poll", id)
                && let Some(mut poll) = self.store.poll(id, self.now)
            {
                self.fields.show_poll(&mut poll);
                self.polls.push(poll);
            }
        }
        self.add_references(post);
        self.add_editions(post);
    }

    fn add_people(&mut self, post: &Value, of_author: &str) {
        if self.fields.expands(of_author) {
            self.add_user(post["author_id"].as_str());
        }
        let mentions = [
            ("/entities/mentions", "entities.mentions.username"),
            ("/note_tweet/entities/mentions", "entities.note.mentions.username"),
        ];
        for (path, expansion) in mentions {
            if self.fields.expands(expansion) {
                for mention in post.pointer(path).and_then(Value::as_array).into_iter().flatten() {
                    let user = mention["username"].as_str().and_then(|name| self.store.user_named(name));
                    self.put_user(user);
                }
            }
        }
    }

    fn add_references(&mut self, post: &Value) {
        if !self.fields.expansions.iter().any(|expansion| expansion.starts_with("referenced_tweets.id")) {
            return;
        }
        for reference in post["referenced_tweets"].as_array().into_iter().flatten() {
            let Some(id) = reference["id"].as_str() else { continue };
            if let Some(other) = self.add_post(id, "referenced_tweets.id") {
                self.add_people(&other, "referenced_tweets.id.author_id");
                self.add_attachments(&other, "referenced_tweets.id.attachments.media_keys");
            }
        }
    }

    /// All versions of a post that was edited, as in real answers; a post without edits is not repeated.
    fn add_editions(&mut self, post: &Value) {
        let chain: Vec<&str> = strings(post.get("edit_history_tweet_ids")).collect();
        if self.fields.expands("edit_history_tweet_ids") && chain.len() > 1 {
            for id in chain {
                self.add_post(id, "edit_history_tweet_ids");
            }
        }
    }

    /// Adds a post and returns it with all its fields, if it is there and was not added before.
    fn add_post(&mut self, id: &str, expansion: &'static str) -> Option<Value> {
        let post_id = PostId::parse(id)?;
        if !self.is_new("post", id) {
            return None;
        }
        let parameter = match self.vocabulary {
            Vocabulary::Tweet => expansion,
            Vocabulary::Post if expansion == "edit_history_tweet_ids" => "edit_history_post_ids",
            Vocabulary::Post => "referenced_posts",
        };
        match self.store.look_up(post_id, self.now) {
            LookUp::Found(hit) => {
                let whole = self.store.resource(&hit, self.now);
                let mut shown = whole.clone();
                self.fields.show_post(&mut shown);
                self.vocabulary.rename_post(&mut shown);
                self.posts.push(shown);
                self.post_ids.push(post_id);
                return Some(whole);
            }
            LookUp::Protected => self.errors.push(not_authorized(self.vocabulary, parameter, id)),
            LookUp::Absent => {
                if let Some(error) = self.store.archived_error(id) {
                    self.errors.push(error);
                } else if !self.store.is_silent() {
                    self.errors.push(not_found(self.vocabulary, parameter, id));
                }
            }
        }
        None
    }

    fn add_attachments(&mut self, post: &Value, expansion: &str) {
        for key in strings(post.pointer("/attachments/media_keys")) {
            if self.fields.expands(expansion)
                && self.is_new("media", key)
                && let Some(mut media) = self.store.media(key, self.now)
            {
                self.fields.show_media(&mut media);
                self.media.push(media);
            }
        }
    }

    fn add_user(&mut self, id: Option<&str>) {
        let user = id.and_then(|id| self.store.user(id));
        self.put_user(user);
    }

    fn put_user(&mut self, user: Option<Value>) {
        let Some(mut user) = user else { return };
        let Some(id) = user["id"].as_str().map(str::to_owned) else { return };
        if self.is_new("user", &id) {
            self.user_ids.extend(id.parse::<u64>());
            self.fields.show_user(&mut user);
            self.vocabulary.rename_user(&mut user);
            self.users.push(user);
        }
    }

    fn is_new(&mut self, kind: &'static str, id: &str) -> bool {
        self.seen.insert((kind, id.to_owned()))
    }

    /// The `includes` of the answer; `None` if nothing is brought along.
    pub(crate) fn includes(&mut self) -> Option<Value> {
        let posts = if self.vocabulary == Vocabulary::Tweet { "tweets" } else { "posts" };
        let all = [
            ("users", &mut self.users),
            (posts, &mut self.posts),
            ("media", &mut self.media),
            ("polls", &mut self.polls),
            ("places", &mut self.places),
        ];
        let filled = all.into_iter().filter(|(_, list)| !list.is_empty());
        let includes: Map<String, Value> =
            filled.map(|(name, list)| (name.to_owned(), Value::Array(std::mem::take(list)))).collect();
        (!includes.is_empty()).then_some(Value::Object(includes))
    }
}

fn strings(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
