//! What comes beside posts: accounts, places, media, polls.

use contract as to;
use x_api::TweetId;
use x_api::model::media::{Media, MediaMetrics, Poll, PollOption};
use x_api::model::place::{Place, PlaceGeo};
use x_api::model::user::{User, UserMetrics};

use super::extra::{Kept, count64};

pub(super) fn user(user: User) -> to::User {
    let User {
        id,
        username,
        name,
        created_at,
        description,
        entities,
        location,
        url,
        verified,
        verified_type,
        protected,
        public_metrics,
        pinned_tweet_id,
        most_recent_tweet_id,
        profile_image_url,
        profile_banner_url,
        withheld,
        extra,
    } = user;
    let mut kept = Kept::of(extra);
    kept.put("entities", entities.as_ref());
    kept.put("most_recent_tweet_id", most_recent_tweet_id.as_ref());
    kept.put("profile_banner_url", profile_banner_url.as_ref());
    kept.put("withheld", withheld.as_ref());
    to::User {
        id: id.get(),
        username,
        name,
        created_at: kept.time("created_at", created_at),
        description,
        location,
        url,
        profile_image_url,
        verified,
        verified_type,
        protected,
        pinned_tweet_id: pinned_tweet_id.map(TweetId::get),
        metrics: public_metrics.map(user_metrics),
        extra: kept.json(),
    }
}

fn user_metrics(metrics: UserMetrics) -> to::UserMetrics {
    let UserMetrics { followers, following, tweets, listed, likes, media, extra } = metrics;
    to::UserMetrics {
        followers_count: count64(followers),
        following_count: count64(following),
        tweet_count: count64(tweets),
        listed_count: count64(listed),
        like_count: count64(likes),
        media_count: count64(media),
        extra: Kept::of(extra).json(),
    }
}

pub(super) fn place(place: Place) -> to::Place {
    let Place { id, full_name, name, country, country_code, place_type, contained_within, geo, extra } =
        place;
    let mut kept = Kept::of(extra);
    let bbox = geo.map(|geo| outline(geo, &mut kept)).unwrap_or_default();
    to::Place {
        id: id.to_string(),
        full_name,
        name,
        country,
        country_code,
        place_type,
        bbox,
        contained_within: contained_within.into_iter().flatten().map(|id| id.to_string()).collect(),
        extra: kept.json(),
    }
}

fn outline(geo: PlaceGeo, kept: &mut Kept) -> Vec<f64> {
    let PlaceGeo { kind, bbox, properties, extra } = geo;
    let mut left = Kept::of(extra);
    left.put("type", kind.as_ref());
    left.put("properties", properties.as_ref());
    kept.object("geo", left.members());
    bbox.into_iter().flatten().map(|degrees| degrees.get()).collect()
}

pub(super) fn media(media: Media) -> to::Media {
    let Media {
        media_key,
        kind,
        url,
        preview_image_url,
        width,
        height,
        duration_ms,
        alt_text,
        public_metrics,
        variants,
        extra,
    } = media;
    let mut kept = Kept::of(extra);
    kept.put("variants", variants.as_ref());
    let view_count = public_metrics.and_then(|metrics| {
        let MediaMetrics { views, extra } = metrics;
        kept.object("public_metrics", extra);
        count64(views)
    });
    to::Media {
        media_key: media_key.to_string(),
        kind,
        url,
        preview_image_url,
        alt_text,
        width: kept.small("width", width),
        height: kept.small("height", height),
        duration_ms: count64(duration_ms),
        view_count,
        extra: kept.json(),
    }
}

pub(super) fn poll(poll: Poll) -> to::Poll {
    let Poll { id, options, duration_minutes, end_datetime, voting_status, extra } = poll;
    let mut kept = Kept::of(extra);
    to::Poll {
        id: id.to_string(),
        options: options.into_iter().flatten().map(option).collect(),
        duration_minutes: kept.small("duration_minutes", duration_minutes),
        end_datetime: kept.time("end_datetime", end_datetime),
        voting_status,
        extra: kept.json(),
    }
}

fn option(option: PollOption) -> to::PollOption {
    let PollOption { position, label, votes, extra } = option;
    let mut kept = Kept::of(extra);
    to::PollOption {
        position: kept.small("position", position).unwrap_or_default(),
        label: label.unwrap_or_default(),
        votes: count64(votes),
        extra: kept.json(),
    }
}
