//! Hashtags, mentions, links: positions stay as X counts them, in code points.

use contract as to;
use x_api::model::entities::{Annotation, Entities, Mention, Tag, Url};
use x_api::{Extra, UserId};

use super::extra::Kept;

pub(super) fn entities(entities: Entities) -> to::Entities {
    let Entities { annotations, cashtags, hashtags, mentions, urls, extra } = entities;
    let mut kept = Kept::of(extra);
    to::Entities {
        hashtags: tags("hashtags", hashtags, &mut kept),
        cashtags: tags("cashtags", cashtags, &mut kept),
        mentions: mentions.into_iter().flatten().map(mention).collect(),
        urls: urls.into_iter().flatten().map(link).collect(),
        annotations: annotations.into_iter().flatten().map(annotation).collect(),
        extra: kept.json(),
    }
}

/// A tag has no `extra` of its own in the contract: what is left of tags stands with the entities.
fn tags(name: &str, tags: Option<Vec<Tag>>, kept: &mut Kept) -> Vec<to::Tag> {
    let (tags, left): (Vec<to::Tag>, Vec<Extra>) = tags.into_iter().flatten().map(tag).unzip();
    kept.list(name, left);
    tags
}

fn tag(tag: Tag) -> (to::Tag, Extra) {
    let Tag { start, end, tag, extra } = tag;
    let mut left = Kept::of(extra);
    let (start, end) = (left.small("start", start), left.small("end", end));
    (to::Tag { tag: tag.unwrap_or_default(), start, end }, left.members())
}

fn mention(mention: Mention) -> to::Mention {
    let Mention { start, end, username, id, extra } = mention;
    let mut kept = Kept::of(extra);
    to::Mention {
        username: username.unwrap_or_default(),
        id: id.map(UserId::get),
        start: kept.small("start", start),
        end: kept.small("end", end),
        extra: kept.json(),
    }
}

fn link(link: Url) -> to::Link {
    let Url {
        start,
        end,
        url,
        expanded_url,
        display_url,
        unwound_url,
        status,
        title,
        description,
        media_key,
        images,
        extra,
    } = link;
    let mut kept = Kept::of(extra);
    kept.put("images", images.as_ref());
    to::Link {
        url: url.unwrap_or_default(),
        expanded_url,
        unwound_url,
        display_url,
        title,
        description,
        status: kept.small("status", status),
        media_key: media_key.map(|key| key.to_string()),
        start: kept.small("start", start),
        end: kept.small("end", end),
        extra: kept.json(),
    }
}

fn annotation(annotation: Annotation) -> to::Annotation {
    let Annotation { start, end, kind, normalized_text, probability, extra } = annotation;
    let mut kept = Kept::of(extra);
    to::Annotation {
        kind,
        normalized_text,
        probability: probability.map(|probability| probability.get()),
        start: kept.small("start", start),
        end: kept.small("end", end),
        extra: kept.json(),
    }
}
