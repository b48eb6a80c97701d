//! What a query may ask of a post.

use std::ops::Range;

use super::words::fold;

/// A post as the query sees it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// The whole text, that of the note for a long post.
    pub(crate) text: String,
    pub(crate) lang: String,
    pub(crate) author_id: String,
    pub(crate) username: String,
    pub(crate) is_reply: bool,
    pub(crate) is_quote: bool,
    pub(crate) is_retweet: bool,
    pub(crate) is_nullcast: bool,
    pub(crate) is_verified: bool,
    pub(crate) has_media: bool,
    pub(crate) has_images: bool,
    pub(crate) has_videos: bool,
    pub(crate) has_links: bool,
    pub(crate) has_mentions: bool,
    pub(crate) has_geo: bool,
}

/// The folded words of a text, and the sign before each (`#`, `@`, `$`) where it has one.
#[derive(Debug)]
pub(crate) struct Tokens {
    folded: String,
    at: Vec<Range<usize>>,
}

impl Tokens {
    pub(crate) fn of(text: &str) -> Self {
        let folded = fold(text);
        let mut at = Vec::with_capacity(folded.len() / 5);
        let mut start = None;
        for (i, c) in folded.char_indices() {
            match (c.is_alphanumeric() || c == '_', start) {
                (true, None) => start = Some(i),
                (false, Some(begin)) => {
                    at.push(begin..i);
                    start = None;
                }
                _ => {}
            }
        }
        at.extend(start.map(|begin| begin..folded.len()));
        Self { folded, at }
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.at.iter().map(|range| &self.folded[range.clone()])
    }

    /// The words that follow directly on `sign`.
    pub(crate) fn signed(&self, sign: char) -> impl Iterator<Item = &str> {
        let signed = move |range: &&Range<usize>| self.folded[..range.start].ends_with(sign);
        self.at.iter().filter(signed).map(|range| &self.folded[range.clone()])
    }
}
