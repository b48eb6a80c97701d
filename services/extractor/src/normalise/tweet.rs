//! A post.

use contract as to;
use x_api::model::tweet::{
    Attachments, ContextAnnotation, EditControls, Note, Point, Referenced, Subject, Tweet, TweetGeo,
    TweetMetrics,
};
use x_api::{PlaceId, TweetId, UserId};

use super::entities::entities;
use super::extra::{Kept, count64};

pub(super) fn tweet(tweet: Tweet) -> to::Tweet {
    let Tweet {
        id,
        text,
        note,
        author_id,
        username,
        created_at,
        lang,
        source,
        conversation_id,
        in_reply_to_user_id,
        community_id,
        referenced,
        edit_history,
        edit_controls,
        entities: found,
        context_annotations,
        geo,
        attachments,
        public_metrics,
        possibly_sensitive,
        reply_settings,
        display_text_range,
        withheld,
        extra,
    } = tweet;
    let mut kept = Kept::of(extra);
    kept.put("username", username.as_ref());
    kept.put("community_id", community_id.as_ref());
    kept.put("display_text_range", display_text_range.as_ref());
    kept.put("withheld", withheld.as_ref());
    let (place_id, coordinates) = geo.map_or((None, None), |geo| place(geo, &mut kept));
    let (media_keys, poll_ids) =
        attachments.map(|attached| attachments_of(attached, &mut kept)).unwrap_or_default();
    to::Tweet {
        id: id.get(),
        author_id: author_id.map(UserId::get),
        created_at: kept.time("created_at", created_at),
        text: text.unwrap_or_default(),
        note: note.map(long_text),
        lang,
        conversation_id: conversation_id.map(TweetId::get),
        in_reply_to_user_id: in_reply_to_user_id.map(UserId::get),
        references: referenced.into_iter().flatten().map(reference).collect(),
        edit_history: edit_history.into_iter().flatten().map(TweetId::get).collect(),
        edit_controls: edit_controls.map(edits),
        metrics: public_metrics.map(metrics),
        entities: found.map(entities),
        context_annotations: context_annotations.into_iter().flatten().map(annotation).collect(),
        place_id,
        coordinates,
        media_keys,
        poll_ids,
        source,
        possibly_sensitive,
        reply_settings,
        extra: kept.json(),
    }
}

fn long_text(note: Note) -> to::Note {
    let Note { text, entities: found, extra } = note;
    to::Note { text: text.unwrap_or_default(), entities: found.map(entities), extra: Kept::of(extra).json() }
}

fn reference(reference: Referenced) -> to::Reference {
    let Referenced { id, kind, extra } = reference;
    to::Reference {
        kind: kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        id: id.get(),
        extra: Kept::of(extra).json(),
    }
}

fn edits(controls: EditControls) -> to::EditControls {
    let EditControls { editable_until, edits_remaining, is_edit_eligible, extra } = controls;
    let mut kept = Kept::of(extra);
    to::EditControls {
        editable_until: kept.time("editable_until", editable_until),
        edits_remaining: kept.small("edits_remaining", edits_remaining),
        is_edit_eligible,
        extra: kept.json(),
    }
}

fn metrics(metrics: TweetMetrics) -> to::TweetMetrics {
    let TweetMetrics { retweets, replies, likes, quotes, bookmarks, impressions, extra } = metrics;
    to::TweetMetrics {
        retweet_count: count64(retweets),
        reply_count: count64(replies),
        like_count: count64(likes),
        quote_count: count64(quotes),
        bookmark_count: count64(bookmarks),
        impression_count: count64(impressions),
        extra: Kept::of(extra).json(),
    }
}

fn annotation(annotation: ContextAnnotation) -> to::ContextAnnotation {
    let ContextAnnotation { domain, entity, extra } = annotation;
    let mut kept = Kept::of(extra);
    let mut subject = |name, subject: Option<Subject>| {
        let Some(Subject { id, name: named, description, extra }) = subject else {
            return (None, None, None);
        };
        kept.object(name, extra);
        (id, named, description)
    };
    let (domain_id, domain_name, domain_description) = subject("domain", domain);
    let (entity_id, entity_name, entity_description) = subject("entity", entity);
    to::ContextAnnotation {
        domain_id,
        domain_name,
        domain_description,
        entity_id,
        entity_name,
        entity_description,
        extra: kept.json(),
    }
}

fn place(geo: TweetGeo, kept: &mut Kept) -> (Option<String>, Option<to::Coordinates>) {
    let TweetGeo { place_id, coordinates, extra } = geo;
    let mut left = Kept::of(extra);
    let point = coordinates.as_ref().and_then(|point| exact(point, &mut left));
    kept.object("geo", left.members());
    (place_id.map(|id: PlaceId| id.to_string()), point)
}

/// Longitude and latitude; a point of another shape is kept as it came.
fn exact(point: &Point, left: &mut Kept) -> Option<to::Coordinates> {
    if let (Some([longitude, latitude]), Some("Point")) =
        (point.coordinates.as_deref(), point.kind.as_deref())
    {
        left.object("coordinates", point.extra.clone());
        return Some(to::Coordinates { longitude: longitude.get(), latitude: latitude.get() });
    }
    left.put("coordinates", Some(point));
    None
}

fn attachments_of(attachments: Attachments, kept: &mut Kept) -> (Vec<String>, Vec<String>) {
    let Attachments { media_keys, poll_ids, media_source_tweet_id, extra } = attachments;
    let mut left = Kept::of(extra);
    left.put("media_source_tweet_id", media_source_tweet_id.as_ref());
    kept.object("attachments", left.members());
    let keys = media_keys.into_iter().flatten().map(|key| key.to_string()).collect();
    (keys, poll_ids.into_iter().flatten().map(|id| id.to_string()).collect())
}
