//! Which fields of which resources an answer shows, and which resources it brings along.

use serde_json::Value;

use crate::errors::Refusal;
use crate::vocabulary::{MEDIA, Name, PLACES, POLLS, TWEETS, USERS, Vocabulary};

/// What was asked for, in inner names.
#[derive(Clone, Debug)]
pub(crate) struct Fields {
    tweets: Vec<&'static str>,
    users: Vec<&'static str>,
    media: Vec<&'static str>,
    places: Vec<&'static str>,
    polls: Vec<&'static str>,
    pub(crate) expansions: Vec<&'static str>,
}

impl Fields {
    /// What X shows unasked.
    pub(crate) fn by_default() -> Self {
        Self {
            tweets: vec!["id", "text", "edit_history_tweet_ids"],
            users: vec!["id", "name", "username"],
            media: vec!["media_key", "type"],
            places: vec!["id", "full_name"],
            polls: vec!["id", "options"],
            expansions: Vec::new(),
        }
    }

    /// Takes a parameter that selects something; `None` if it is no such parameter.
    pub(crate) fn take(
        &mut self,
        vocabulary: Vocabulary,
        parameter: &str,
        value: &str,
    ) -> Option<Result<(), Refusal>> {
        let same = |names: &'static [&'static str]| names.iter().map(|name| (*name, *name)).collect();
        let (into, names): (_, Vec<Name>) = match parameter {
            "user.fields" => (&mut self.users, vocabulary.user_fields()),
            "media.fields" => (&mut self.media, same(MEDIA)),
            "place.fields" => (&mut self.places, same(PLACES)),
            "poll.fields" => (&mut self.polls, same(POLLS)),
            "expansions" => (&mut self.expansions, vocabulary.expansions()),
            _ if parameter == vocabulary.fields_parameter() => (&mut self.tweets, vocabulary.post_fields()),
            _ => return None,
        };
        let taken = select(parameter, value, &names).map(|selected| into.extend(selected));
        if parameter == "expansions" {
            let shown = self.expansions.iter().filter_map(|expansion| field_of(expansion));
            self.tweets.extend(shown);
        }
        Some(taken)
    }

    pub(crate) fn expands(&self, expansion: &str) -> bool {
        self.expansions.contains(&expansion)
    }

    pub(crate) fn show_post(&self, post: &mut Value) {
        keep(post, TWEETS, &self.tweets);
    }

    pub(crate) fn show_user(&self, user: &mut Value) {
        keep(user, USERS, &self.users);
    }

    pub(crate) fn show_media(&self, media: &mut Value) {
        keep(media, MEDIA, &self.media);
    }

    pub(crate) fn show_place(&self, place: &mut Value) {
        keep(place, PLACES, &self.places);
    }

    pub(crate) fn show_poll(&self, poll: &mut Value) {
        keep(poll, POLLS, &self.polls);
    }
}

/// Reads a comma-separated list of known names.
pub(crate) fn select(parameter: &str, value: &str, known: &[Name]) -> Result<Vec<&'static str>, Refusal> {
    let mut selected = Vec::new();
    for wanted in value.split(',') {
        let Some((inner, _)) = known.iter().find(|(_, name)| *name == wanted) else {
            let names: Vec<&str> = known.iter().map(|(_, name)| *name).collect();
            let message = format!(
                "The `{parameter}` query parameter value [{wanted}] is not one of [{}]",
                names.join(",")
            );
            return Err(Refusal::invalid(parameter, value, message));
        };
        selected.push(*inner);
    }
    Ok(selected)
}

/// The field an expansion shows unasked: without it nobody could tell what belongs to what.
fn field_of(expansion: &str) -> Option<&'static str> {
    Some(match expansion {
        "author_id" => "author_id",
        "username" => "username",
        "in_reply_to_user_id" => "in_reply_to_user_id",
        "edit_history_tweet_ids" => "edit_history_tweet_ids",
        "geo.place_id" => "geo",
        "entities.mentions.username" => "entities",
        "entities.note.mentions.username" => "note_tweet",
        _ if expansion.starts_with("attachments.") => "attachments",
        _ if expansion.starts_with("referenced_tweets.") => "referenced_tweets",
        _ => return None,
    })
}

/// Drops what can be asked for and was not; what nobody can ask for stays.
fn keep(resource: &mut Value, known: &[&str], wanted: &[&str]) {
    if let Some(resource) = resource.as_object_mut() {
        resource.retain(|key, _| wanted.contains(&key.as_str()) || !known.contains(&key.as_str()));
    }
}
