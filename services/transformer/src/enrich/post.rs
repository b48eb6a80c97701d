//! What is derived from one post: folded tags, domains, relations, the edit chain.

use contract::{Entities, Place, Tweet};

use super::{Enricher, Enrichment, domain, fold};

/// Derived from one post.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Post {
    /// For each hashtag of [`entities`]: without case and accents.
    pub hashtags: Vec<String>,
    /// For each mention: lower case.
    pub mentions: Vec<String>,
    /// For each link: the host it leads to.
    pub domains: Vec<Option<String>>,
    /// To other posts.
    pub relations: Relations,
    /// Its edit chain, where X sent one.
    pub edits: Option<Edits>,
    /// What analysts ask for.
    pub enrichment: Enrichment,
}

/// Relations to other posts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relations {
    /// Post replied to.
    pub replied_to: Option<i64>,
    /// Post quoted.
    pub quoted: Option<i64>,
    /// Post repeated.
    pub retweeted: Option<i64>,
    /// The three above do not say all that X sent.
    pub unusual: bool,
}

/// An edit chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edits {
    /// First post of the chain.
    pub first: i64,
    /// Last one known.
    pub last: i64,
    /// Place of this post, from 1; `None` where the chain does not hold it.
    pub number: Option<i16>,
}

impl Post {
    /// Derives everything from one post; `place` is the one it is tagged with, where the answer held it.
    pub fn of(enricher: &Enricher, tweet: &Tweet, place: Option<&Place>) -> Self {
        let (hashtags, mentions, domains) = entities(tweet).map_or_else(Default::default, |found| {
            (
                found.hashtags.iter().map(|tag| fold(&tag.tag)).collect(),
                found.mentions.iter().map(|mention| mention.username.to_lowercase()).collect(),
                found.urls.iter().map(domain).collect(),
            )
        });
        let relations = relations(tweet);
        let enrichment = enricher.derive(tweet, &relations, place);
        Self { hashtags, mentions, domains, relations, edits: edits(tweet), enrichment }
    }
}

/// Entities of the full text: those of the note where it has some, else those of the text.
pub fn entities(tweet: &Tweet) -> Option<&Entities> {
    tweet.note.as_ref().and_then(|note| note.entities.as_ref()).or(tweet.entities.as_ref())
}

fn relations(tweet: &Tweet) -> Relations {
    let mut relations = Relations::default();
    for reference in &tweet.references {
        let place = match reference.kind.as_str() {
            "replied_to" => &mut relations.replied_to,
            "quoted" => &mut relations.quoted,
            // The vocabulary of spec 2.167 says repost where the older one says retweet.
            "retweeted" | "reposted" => &mut relations.retweeted,
            _ => {
                relations.unusual = true;
                continue;
            }
        };
        relations.unusual |= place.is_some() || reference.extra.is_some();
        *place = place.or(Some(reference.id));
    }
    relations
}

fn edits(tweet: &Tweet) -> Option<Edits> {
    let (first, last) = (*tweet.edit_history.first()?, *tweet.edit_history.last()?);
    let place = tweet.edit_history.iter().position(|id| *id == tweet.id);
    Some(Edits { first, last, number: place.and_then(|place| i16::try_from(place + 1).ok()) })
}

#[cfg(test)]
mod tests {
    use contract::{Entities, Note, Reference, Tag, Tweet};

    use super::{Edits, Enricher, Post, entities};

    fn post(tweet: &Tweet) -> Post {
        Post::of(&Enricher::embedded().unwrap(), tweet, None)
    }

    fn reference(kind: &str, id: i64) -> Reference {
        Reference { kind: kind.to_owned(), id, extra: None }
    }

    fn tagged(tag: &str) -> Option<Entities> {
        let tag = Tag { tag: tag.to_owned(), start: Some(0), end: Some(5) };
        Some(Entities { hashtags: vec![tag], ..Entities::default() })
    }

    #[test]
    fn a_quote_within_a_reply_has_both_relations() {
        let tweet = Tweet {
            references: vec![reference("quoted", 1), reference("replied_to", 2)],
            ..Tweet::default()
        };
        let relations = post(&tweet).relations;
        assert_eq!((relations.quoted, relations.replied_to, relations.unusual), (Some(1), Some(2), false));
    }

    #[test]
    fn an_unknown_or_second_relation_is_marked_so_that_it_is_kept_whole() {
        for references in [vec![reference("cited", 1)], vec![reference("quoted", 1), reference("quoted", 2)]]
        {
            assert!(post(&Tweet { references, ..Tweet::default() }).relations.unusual);
        }
    }

    #[test]
    fn the_place_in_the_edit_chain_counts_from_one() {
        let tweet = Tweet { id: 8, edit_history: vec![7, 8, 9], ..Tweet::default() };
        assert_eq!(post(&tweet).edits, Some(Edits { first: 7, last: 9, number: Some(2) }));
        assert_eq!(post(&Tweet::default()).edits, None);
    }

    #[test]
    fn a_long_post_has_the_entities_of_its_note() {
        let note = Note { text: String::new(), entities: tagged("Saúde"), extra: None };
        let tweet = Tweet { note: Some(note), entities: tagged("cut"), ..Tweet::default() };
        assert_eq!(post(&tweet).hashtags, ["saude"]);
        let bare = Tweet { note: Some(Note::default()), entities: tagged("cut"), ..Tweet::default() };
        assert_eq!(entities(&bare).map(|found| found.hashtags.len()), Some(1));
    }
}
